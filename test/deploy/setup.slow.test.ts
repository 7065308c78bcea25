import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSettingsFiles } from '../../deploy/settings-files';
import { tellOpen } from '../../deploy/setup/ask-settings';
import { openTerminal } from '../../deploy/setup/open-terminal';
import { setUp } from '../../deploy/setup/setup';
import { createLoopbackFetch } from '../../local/tenant/loopback-fetch';
import { grantOf, openDefinedTenant } from './open-defined-tenant';

/** A tenant that is as POD's definition says, a folder for settings, and right answers to all that is asked for. */
async function openWork() {
  const { tenant, texts, configuration } = await openDefinedTenant();
  const directory = await mkdtemp(join(tmpdir(), 'pod-setup-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await copyFile('secrets.example.ini', join(directory, 'secrets.example.ini'));
  const { APP_CLIENT_ID, APP_CLIENT_SECRET, API_ID, API_SIGNING_KEY, ...known } = texts;
  const {
    AUTH0_DOMAIN: host = '',
    AUTH0_DEPLOY_CLIENT_ID: id = '',
    AUTH0_DEPLOY_CLIENT_SECRET: secret = '',
    POD_URL: url = '',
    ALEXA_VENDOR_ID: vendor = '',
  } = known;
  const twilio = [known.TWILIO_ACCOUNT_SID ?? '', known.TWILIO_AUTH_TOKEN ?? '', known.TWILIO_FROM ?? ''];
  const right = { host, id, secret, url, vendor, twilio, skill: 'amzn1.ask.skill.of-a-test' };

  /** @param answers absent where nobody is asked */
  const run = async (answers: readonly string[] | undefined, environment: Record<string, string> = {}) => {
    const files = openSettingsFiles(directory, environment);
    const input = new PassThrough();
    const output = new PassThrough();
    let printed = '';
    output.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    input.end((answers ?? []).map((answer) => `${answer}\n`).join(''));
    const terminal = openTerminal(input, output);
    onTestFinished(terminal.close);
    const print = (text: string) => void output.write(text);
    const parts = { files, print, fetch: createLoopbackFetch(host), ...(answers && { terminal }) };
    const faults: string[] = await setUp(parts).then(
      () => [],
      (error) => {
        const { faults: several, message } = tellOpen(error, files) as Error & { faults?: string[] };
        return several ?? [message];
      },
    );
    return { printed, faults, settings: openSettingsFiles(directory, {}).read() };
  };
  return { directory, tenant, configuration, texts, known, right, run };
}

const all = ({
  host,
  id,
  secret,
  url,
  vendor,
  twilio,
  skill,
}: Awaited<ReturnType<typeof openWork>>['right']) => [host, id, secret, url, vendor, ...twilio, skill];

describe('npm run setup', () => {
  it('asks for nine things, shows no secret, and takes the tenant’s signing key where its own was lost', async () => {
    const { directory, tenant, texts, right, run } = await openWork();
    tenant.calls.reset();
    const { printed, faults, settings } = await run(all(right));
    expect(faults).toEqual([]);
    expect(settings).toMatchObject({ ...texts, ALEXA_SKILL_ID: right.skill, PUBLIC_ORIGIN: right.url });
    expect(settings.SESSION_SECRET).toMatch(/^.{43}$/);
    expect(printed).toContain('Nothing is to be changed.');
    expect(tenant.calls.get()['configuration.change']).toBe(0);
    for (const secret of [right.secret, right.twilio[1], settings.SESSION_SECRET, settings.API_SIGNING_KEY]) {
      expect(printed).not.toContain(secret);
    }
    for (const path of ['src/runtimes/secrets.ini', 'deploy/secrets.ini']) {
      expect((await stat(join(directory, path))).mode & 0o777).toBe(0o600);
    }
  });

  it('says at once what is wrong with an answer, and asks again', async () => {
    const { right, run } = await openWork();
    const { host, id, secret, url, vendor, twilio, skill } = right;
    const { printed, faults, settings } = await run([
      ...['no host at all', 'localhost:1', `https://${host}/`],
      ...[id, 'not the secret', '', secret],
      ...['http://pod.example', url],
      ...['a vendor', vendor],
      ...['AC1', ...twilio],
      ...['a skill', skill],
    ]);
    expect(faults).toEqual([]);
    const complaints = printed.split('\n').filter((line) => /It must be|→/.test(line));
    expect(complaints).toEqual([
      expect.stringContaining('the host of the Auth0 tenant, without https://'),
      expect.stringMatching(/localhost:1 does not answer: /),
      expect.stringContaining('The tenant does not know this application with this secret.'),
      expect.stringContaining('where POD will be reached'),
      expect.stringContaining('your vendor id'),
      expect.stringContaining('the account SID of Twilio'),
      expect.stringContaining("the skill's id"),
    ]);
    expect(settings).toMatchObject({ AUTH0_DOMAIN: host, AUTH0_DEPLOY_CLIENT_SECRET: secret });
  });

  it('names the scopes that the deploy client lacks, and the place', async () => {
    const { configuration, right, run } = await openWork();
    const [grant] = configuration.clientGrants;
    if (grant) grant.scope = grant.scope.filter((scope) => scope !== 'create:roles');
    const { printed } = await run([right.host, right.id, right.secret]);
    expect(printed).toMatch(/It lacks create:roles\. → Add them: Applications, APIs, Auth0 Management API/);
  });

  it('goes on where the answers ended, and says what is missing', async () => {
    const { right, run } = await openWork();
    const [host, id, secret, ...rest] = all(right);
    const { faults, settings } = await run([host, id, secret].map(String));
    expect(faults).toEqual([
      expect.stringContaining('Stopped. What was answered is kept'),
      expect.stringContaining('set in the environment: POD_URL, ALEXA_VENDOR_ID.'),
    ]);
    expect(settings).toMatchObject({ AUTH0_DEPLOY_CLIENT_SECRET: secret });
    expect((await run(['y', ...rest])).faults).toEqual([]);
  });

  it('offers what was answered before, which an empty answer takes', async () => {
    const { right, run } = await openWork();
    await run(all(right));
    const { printed, faults, settings } = await run([
      'n',
      '',
      '',
      '',
      'https://other.example',
      ...Array(4).fill(''),
    ]);
    expect(printed).toContain(`Address (Enter: ${right.url}): `);
    expect(printed).toContain('Client Secret (Enter: the one that is kept): ');
    // The tenant is of the other address, and nobody has said that it may be changed.
    expect(faults).toEqual([
      expect.stringContaining('Stopped.'),
      'Nothing is missing: npm run setup -- --yes goes on without asking.',
    ]);
    expect(settings).toMatchObject({ POD_URL: 'https://other.example', TWILIO_FROM: right.twilio[2] });
  });

  it('asks again for what was right once and is so no more', async () => {
    const { configuration, right, run } = await openWork();
    await run(all(right));
    const [deploy] = configuration.clients;
    if (deploy) deploy.client_secret = 'a secret that was rotated';
    const { printed, faults } = await run(['y', '', 'a secret that was rotated']);
    expect(printed).toContain('does not know this application with this secret');
    expect(faults).toEqual([]);
  });

  it('does without Twilio, and does not ask for it again', async () => {
    const { right, run } = await openWork();
    const { host, id, secret, url, vendor, skill } = right;
    const { printed, faults } = await run([host, id, secret, url, vendor, '', skill]);
    expect(faults).toEqual([]);
    expect(printed).toContain('Branding, Email Provider');
    expect((await run([''])).faults).toEqual([]);
    // Later it is wanted, and then no more.
    expect((await run(['n', '', '', '', '', '', ...right.twilio])).settings).toMatchObject({
      TWILIO_FROM: right.twilio[2],
    });
    expect((await run(['n', '', '', '', '', '', '-'])).settings).toMatchObject({ TWILIO_FROM: '' });
  });

  it('changes nothing in the tenant that it was not told to, and shows what it would change', async () => {
    const { tenant, configuration, right, run } = await openWork();
    grantOf(configuration).scope.pop();
    tenant.calls.reset();
    const { printed, faults } = await run([...all(right).slice(0, -1), 'perhaps', 'n']);
    expect(printed).toMatch(/access of POD to .*, scope lacks update:users\n/);
    expect(faults).toEqual(['Nothing was changed. npm run setup goes on from here.']);
    expect(tenant.calls.get()['configuration.change']).toBe(0);
  });

  it('takes everything from the environment, asks nothing, and keeps no secret of it that POD does not need', async () => {
    const { known, texts, run } = await openWork();
    const { faults, settings } = await run(undefined, known);
    expect(faults).toEqual([]);
    expect(settings).toMatchObject({
      AUTH0_DOMAIN: known.AUTH0_DOMAIN,
      API_SIGNING_KEY: texts.API_SIGNING_KEY,
    });
    expect(settings).not.toHaveProperty('AUTH0_DEPLOY_CLIENT_SECRET');
    expect((await run([], known)).faults).toEqual([expect.stringContaining('Stopped.'), expect.anything()]);
  });

  it('names everything that the environment does not say, or says wrongly', async () => {
    const { known, run } = await openWork();
    const { POD_URL, TWILIO_FROM, AUTH0_DEPLOY_CLIENT_ID, ...others } = known;
    expect((await run(undefined, { ...others, ALEXA_VENDOR_ID: 'x' })).faults).toEqual([
      expect.stringContaining('AUTH0_DEPLOY_CLIENT_ID is missing'),
      expect.stringContaining('POD_URL is missing'),
      expect.stringContaining('ALEXA_VENDOR_ID is malformed'),
      expect.stringContaining('TWILIO_FROM is missing'),
    ]);
    const wrong = { ...known, AUTH0_DEPLOY_CLIENT_SECRET: 'another' };
    const told = [expect.stringContaining('does not know this application with this secret')];
    expect((await run(undefined, wrong)).faults).toEqual(told);
    expect((await run([], wrong)).faults).toEqual(told);
  });
});
