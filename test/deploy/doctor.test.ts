import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { examine } from '../../deploy/doctor/doctor';
import { lineOf } from '../../deploy/doctor/report';
import { createAccountLinking } from '../../deploy/skill/account-linking';
import { createLoopbackFetch } from '../../local/tenant/loopback-fetch';
import { listen } from '../../src/runtimes/listen';
import { startTestLocal } from '../fixtures/local';
import { testPage } from '../fixtures/page';

/** Settings of a POD that runs, and what the doctor says of them. */
async function openExamination() {
  const pod = await startTestLocal({ assets: testPage });
  onTestFinished(pod.close);
  const { tenant, podUrl } = pod.local;
  const folder = await mkdtemp(join(tmpdir(), 'pod-doctor-'));
  const texts = {
    ...tenant.settings,
    ALEXA_SKILL_ID: 'amzn1.ask.skill.of-a-doctor',
    POD_URL: podUrl,
    DATABASE_URL: `file:${join(folder, 'orders.db')}`,
  };
  const parts = {
    fetch: createLoopbackFetch(tenant.settings.AUTH0_DOMAIN),
    clock: Date.now,
    directory: folder,
  };
  return {
    podUrl,
    folder,
    texts,
    examine: (more: Record<string, string> = {}, others: object = {}) =>
      examine({ ...texts, ...more }, { ...parts, ...others }),
    faults: async (more: Record<string, string> = {}, others: object = {}) =>
      (await examine({ ...texts, ...more }, { ...parts, ...others }))
        .filter(({ state }) => state === 'fault')
        .map(({ area, text }) => `${area}: ${text}`),
  };
}

async function serveAnswers(status: number) {
  const server = createServer((_req, res) => void res.writeHead(status).end());
  const { port, cut } = await listen(server, 0, '127.0.0.1');
  onTestFinished(cut);
  return port;
}

describe('the doctor', () => {
  it('names account linking that was built by other settings, and no secret', async () => {
    const { faults, folder, texts } = await openExamination();
    const build = async (more: object) => {
      const right = { auth0Domain: texts.AUTH0_DOMAIN, apiId: texts.API_ID, clientId: texts.APP_CLIENT_ID };
      const file = createAccountLinking({ ...right, clientSecret: texts.APP_CLIENT_SECRET, ...more });
      await mkdir(join(folder, 'build', 'skill-package'), { recursive: true });
      await writeFile(join(folder, 'build', 'skill-package', 'accountLinking.json'), JSON.stringify(file));
    };
    await build({ clientSecret: 'another one' });
    expect(await faults()).toEqual(['account linking: clientSecret is another one']);
    await build({ apiId: 'https://another.example' });
    expect(await faults()).toEqual([
      expect.stringMatching(/^account linking: authorizationUrl is .*another/),
    ]);
    await build({});
    expect(await faults()).toEqual([]);
  });

  it('finds no fault with a POD that runs, and says what it did not check', async () => {
    const { examine, podUrl } = await openExamination();
    const findings = await examine();
    expect(findings.filter(({ state }) => state === 'fault')).toEqual([]);
    expect(findings.filter(({ state }) => state === 'ok').map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'POD starts with them',
        `${podUrl}/app/ answers`,
        '/alexa refuses what Alexa has not signed',
        'a sign-in leads to the tenant, and comes back',
        'the SQLite file answers, and its tables are those of this POD',
        'the clock of POD’s host is right',
      ]),
    );
    expect(findings.filter(({ state }) => state === 'unchecked').map(({ area }) => area)).toEqual(
      expect.arrayContaining(['auth0', 'mail', 'pusher']),
    );
    for (const finding of findings) expect(lineOf(finding)).not.toContain('\n');
  });

  it('names every setting that is missing, and goes no further', async () => {
    const { faults } = await openExamination();
    expect(await faults({ API_ID: '', CODE_LENGTH: '5' })).toEqual([
      expect.stringMatching(/^settings: API_ID is missing/),
      expect.stringMatching(/^settings: CODE_LENGTH is malformed/),
    ]);
  });

  it('names a skill id that is missing', async () => {
    const { faults } = await openExamination();
    expect(await faults({ ALEXA_SKILL_ID: '' })).toEqual([
      expect.stringMatching(/^settings: ALEXA_SKILL_ID is missing/),
    ]);
  });

  it('names a POD that is not there, and another program in its place', async () => {
    const { faults, podUrl } = await openExamination();
    expect(await faults({ POD_URL: 'http://localhost:1' })).toEqual([
      expect.stringMatching(/^public url: http:\/\/localhost:1 does not answer: /),
    ]);
    const elsewhere = podUrl.replace(/\/pod$/, '/other');
    expect(await faults({ POD_URL: elsewhere })).toEqual([`public url: ${elsewhere}/app/ answers 404`]);
    const port = await serveAnswers(200);
    expect(await faults({ POD_URL: `http://localhost:${port}` })).toEqual([
      'public url: /alexa answers 200 to what Alexa has not signed, and not 400',
      expect.stringMatching(/^public url: a sign-in there leads to an answer 200/),
    ]);
  });

  it('names a POD of another application, and one that does not know its own address', async () => {
    const { faults, podUrl } = await openExamination();
    const other = await openExamination();
    expect(await faults({ POD_URL: other.podUrl })).toEqual([
      expect.stringMatching(/^public url: a sign-in there leads to localhost:\d+, and not to localhost:\d+$/),
    ]);
    const byNumber = podUrl.replace('localhost', '127.0.0.1');
    expect(await faults({ POD_URL: byNumber })).toEqual([
      `public url: a sign-in there comes back to ${podUrl}/app/oidc/callback, and not to ${byNumber}/app/oidc/callback`,
    ]);
  });

  it('names a database that is not there', async () => {
    const { faults } = await openExamination();
    expect(await faults({ DATABASE_URL: 'file:/dev/null/orders.db' })).toEqual([
      expect.stringMatching(/^database: the SQLite file does not answer: /),
    ]);
    expect(await faults({ DATABASE_URL: 'postgres://pod@127.0.0.1:1/pod' })).toEqual([
      expect.stringMatching(/^database: PostgreSQL does not answer: /),
    ]);
  });

  it('names a mail server and a Pusher that refuse', async () => {
    const { faults } = await openExamination();
    const port = await serveAnswers(401);
    const pusher = { PUSHER_APPID: '1', PUSHER_KEY: 'key', PUSHER_SECRET: 'secret', PUSHER_CLUSTER: 'eu' };
    const own = { PUSHER_HOST: 'localhost', PUSHER_PORT: String(port), PUSHER_TLS: 'false' };
    const mail = { MAIL_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'Pizza <orders@pod.example>' };
    expect(await faults({ ...pusher, ...own, ...mail })).toEqual([
      'mail: 127.0.0.1 takes no mails of POD: ESOCKET',
      'pusher: Pusher refuses the app: 401',
    ]);
  });

  it('names clocks that are apart', async () => {
    const { faults } = await openExamination();
    expect(await faults({}, { clock: () => Date.now() + 400_000 })).toEqual([
      expect.stringMatching(
        /^clock: the clocks of POD’s host and of this machine are (400|401|399) s apart$/,
      ),
    ]);
  });
});
