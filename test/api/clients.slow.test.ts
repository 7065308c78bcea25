import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openTools } from '../../deploy/tools/run-tool';
import { pendingLifetimeMs } from '../../src/step-up/action';
import { accessToken } from '../fixtures/access-token';
import { otherThan, quentin, startTestLocal, type TestLocal } from '../fixtures/local';
import { customerOf, pendingOrder, pizza, storeOrders } from '../fixtures/orders';

const tools = openTools(resolve(__dirname, '../clients'), {
  'openapi-typescript': 'openapi-typescript',
  'openapi-ts': '@hey-api/openapi-ts',
  'swagger-typescript-api': 'swagger-typescript-api',
  spectral: '@stoplight/spectral-cli',
  prism: '@stoplight/prism-cli',
  tsc: 'typescript',
});

/** Makes them be there; where npm cannot be reached it says so, and with `CI=true` that is an error. */
async function provideTools(): Promise<boolean> {
  let printed = '';
  try {
    await tools.install('prism', (text) => {
      printed += text;
    });
    return true;
  } catch (cause) {
    if (process.env.CI === 'true') throw new Error(printed, { cause });
    process.stderr.write(
      'npm brought neither the generators of clients nor Prism: their tests are skipped.\n',
    );
    return false;
  }
}

describe("B17: strangers' programs that read openapi.json", async () => {
  if (!(await provideTools())) return void it.skip('needs programs that npm brings');

  let aheadMs = 0;
  let pod: TestLocal;
  let directory: string;
  beforeAll(async () => {
    pod = await startTestLocal({ clock: () => Date.now() + aheadMs });
    directory = await mkdtemp(join(tmpdir(), 'pod-clients-'));
    const document = await fetch(`${pod.local.podUrl}/api/openapi.json`);
    await writeFile(join(directory, 'openapi.json'), await document.text());
    await writeFile(join(directory, 'rules.yaml'), 'extends: ["spectral:oas"]\n');
  });
  afterAll(async () => {
    await pod?.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Runs a program to its end, which is bad if it says so, and gives what it printed. */
  async function run(program: Parameters<typeof tools.run>[0], ...args: string[]): Promise<string> {
    let printed = '';
    const print = (text: string) => {
      printed += text;
    };
    await tools.run(program, args, { workingDirectory: directory, print }).catch((cause) => {
      throw new Error(printed, { cause });
    });
    return printed;
  }

  it('openapi-typescript, Hey API and swagger-typescript-api make types that compile, with each property of an order', async () => {
    await Promise.all([
      run('openapi-typescript', 'openapi.json', '--output', 'a.ts'),
      run('openapi-ts', '--input', 'openapi.json', '--output', 'b', '--no-log-file'),
      run('swagger-typescript-api', 'generate', '--path', 'openapi.json', '--output', '.', '--name', 'c.ts'),
    ]);
    const types = [
      "import('./a').components['schemas']['Order']",
      "import('./b').Order",
      "import('./c').Order",
    ];
    const sometimes = { expiresAt: '', attemptsLeft: 3, settledAt: '', cancelReason: 'customer' };
    const order = JSON.stringify({ ...sometimes, confirmedAt: '', name: 'Ann', number: 7 });
    const uses = types.map(
      (type, index) => `export const order${index}: Partial<${type}> = ${order};
        // @ts-expect-error: an order has no such property
        export const other${index}: Partial<${type}> = { settled: '' };\n`,
    );
    await writeFile(join(directory, 'uses.ts'), uses.join(''));
    const compilerOptions = {
      module: 'preserve',
      target: 'es2023',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    };
    await writeFile(
      join(directory, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['*.ts', 'b'] }),
    );
    await run('tsc', '--project', '.');
  });

  it('Spectral finds no error by its rules for OpenAPI', async () => {
    expect(await run('spectral', 'lint', 'openapi.json', '--ruleset', 'rules.yaml')).toContain('0 errors');
  });

  it('Prism, between a client and POD, finds no answer invalid in the whole life of orders, and finds one that is', async () => {
    const { send, call } = await openProxy();
    const place = async () => (await call('POST', '/orders', pizza)).id as string;
    const newestCode = () => pod.codeFor(quentin.phoneNumber);
    const authorize = (id: string, code: string) => call('POST', `/orders/${id}/authorize`, { code });

    const first = await place();
    expect(await call('GET', `/orders/${first}`)).toMatchObject({ status: 'pending', number: 1 });
    expect(await authorize(first, otherThan(newestCode()))).toMatchObject({ code: 'wrong_code' });
    expect(await call('POST', `/orders/${first}/code`)).toMatchObject({ status: 'pending' });
    expect(await authorize(first, newestCode())).toMatchObject({ status: 'confirmed', name: quentin.name });
    expect(await authorize(first, newestCode())).toMatchObject({ code: 'order_already_confirmed' });
    expect(await call('DELETE', `/orders/${first}`)).toMatchObject({ confirmedAt: expect.any(String) });

    const replaced = await place();
    const late = await place();
    expect(await call('GET', `/orders/${replaced}`)).toMatchObject({ cancelReason: 'replaced' });
    aheadMs += pendingLifetimeMs;
    expect(await authorize(late, newestCode())).toMatchObject({ code: 'order_expired' });

    pod.local.tenant.faults.add({ call: 'passwordless.start', answer: 429, times: 1 });
    expect(await call('POST', '/orders', pizza)).toMatchObject({ code: 'upstream_unavailable' });
    pod.local.tenant.faults.add({ call: 'passwordless.start', answer: 'drop', performed: true, times: 1 });
    const guessed = await place();
    expect(await call('GET', `/orders/${guessed}`)).toMatchObject({ codeSentTo: { unsure: true } });
    const wrong = otherThan(newestCode());
    for (const code of ['wrong_code', 'wrong_code', 'order_refused'])
      expect(await authorize(guessed, wrong)).toMatchObject({ code });
    expect(await call('GET', '/orders?limit=1&status=refused&status=expired')).toMatchObject({
      orders: [{ id: guessed }],
      next: expect.any(String),
    });

    expect(await call('POST', '/orders', { size: 'huge', toppings: [] })).toMatchObject({
      code: 'unknown_size',
    });
    expect(await call('POST', '/orders', {})).toMatchObject({ code: 'invalid_request' });
    expect(await call('GET', '/orders/00000000-0000-4000-8000-000000000000')).toMatchObject({
      code: 'not_found',
    });
    expect(await call('GET', '/orders', undefined, 'nobody')).toMatchObject({ code: 'invalid_token' });

    const wrongly = pendingOrder({ customerId: customerOf(quentin.userId), number: 1_000 });
    await storeOrders(pod.local.store, [wrongly]);
    const { violations } = await send('GET', `/orders/${wrongly.id}`);
    expect(violations).toMatchObject([{ location: ['response', 'body', 'number'] }]);
  });

  /** A Prism before POD's API, which tells of each answer what is not as documented. */
  async function openProxy() {
    const end = new AbortController();
    const proxyUrl = await new Promise<string>((resolveUrl, reject) => {
      let printed = '';
      const print = (text: string) => {
        printed += text;
        const [url] = /(?<=listening on )http:\/\/[\d.:]+/.exec(printed) ?? [];
        if (url) resolveUrl(url);
      };
      const args = ['proxy', 'openapi.json', `${pod.local.podUrl}/api`, '--port', '0'];
      const running = tools.run('prism', args, { workingDirectory: directory, signal: end.signal, print });
      const ended = running.catch((cause) => reject(new Error(printed, { cause })));
      onTestFinished(async () => {
        end.abort();
        await ended;
      });
    });
    const bearer = accessToken(pod.local.tenant.settings, { sub: quentin.userId });

    async function send(method: string, path: string, json?: object, token = bearer) {
      const answer = await fetch(proxyUrl + path, {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: json && JSON.stringify(json),
      });
      const found: { location: string[] }[] = JSON.parse(answer.headers.get('sl-violations') ?? '[]');
      const violations = found.filter(({ location }) => location[0] === 'response');
      return { json: await answer.json(), violations };
    }
    return {
      send,
      async call(...request: Parameters<typeof send>) {
        const { json, violations } = await send(...request);
        expect(violations, `${request.slice(0, 2).join(' ')} ${JSON.stringify(json)}`).toEqual([]);
        return json;
      },
    };
  }
});
