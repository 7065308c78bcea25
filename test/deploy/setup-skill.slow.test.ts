import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openSettingsFiles } from '../../deploy/settings-files';
import { openTerminal } from '../../deploy/setup/open-terminal';
import { setUp } from '../../deploy/setup/setup';
import { openSmapi } from '../fixtures/smapi';
import { openDefinedTenant } from './open-defined-tenant';

/** Where Amazon could reach the tenant. */
const host = 'pod.eu.auth0.com';

/** Reaches a local tenant as one that is called like Auth0's are. */
function createPublicFetch(local: string): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.host !== host) return fetch(input, init);
    const headers = new Headers(init?.headers);
    headers.set('x-forwarded-proto', 'https');
    const body = init?.body && String(init.body).replaceAll(host, local);
    const answer = await fetch(`http://${local}${url.pathname}${url.search}`, { ...init, headers, body });
    return new Response((await answer.text()).replaceAll(local, host), answer);
  };
}

it('npm run setup brings the skill to Amazon, and a second time leaves it as it is', async () => {
  const { pod, texts } = await openDefinedTenant();
  const smapi = await openSmapi();
  const { ASK_REFRESH_TOKEN: token, ALEXA_VENDOR_ID: vendor, ...reach } = smapi.environment;
  for (const [name, value] of Object.entries(reach)) vi.stubEnv(name, value);
  pod.callbacks = pod.callbacks.map((address) => address.replace(texts.ALEXA_VENDOR_ID ?? '', vendor));
  const root = process.cwd();
  const directory = await mkdtemp(join(tmpdir(), 'pod-setup-skill-'));
  // The commands work in the folder that they are called in.
  process.chdir(directory);
  onTestFinished(async () => {
    process.chdir(root);
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true });
  });

  const { AUTH0_DOMAIN = '', AUTH0_DEPLOY_CLIENT_ID = '', AUTH0_DEPLOY_CLIENT_SECRET = '' } = texts;
  const twilio = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'].map((name) => texts[name] ?? '');
  const answers = [
    host,
    AUTH0_DEPLOY_CLIENT_ID,
    AUTH0_DEPLOY_CLIENT_SECRET,
    'https://pod.example',
    vendor,
    ...twilio,
  ];
  const files = openSettingsFiles(directory, {});
  const run = async (typed: readonly string[]) => {
    const input = new PassThrough();
    input.end(typed.map((answer) => `${answer}\n`).join(''));
    let printed = '';
    const print = (text: string) => {
      printed += text;
    };
    const output = new PassThrough().on('data', (text) => print(String(text)));
    await setUp({
      files,
      terminal: openTerminal(input, output),
      print,
      fetch: createPublicFetch(AUTH0_DOMAIN),
    });
    return printed;
  };

  // A token of another form is told at once; of Amazon nothing is asked before it is wanted.
  const first = await run([...answers, 'y', 'not a token', token]);
  expect(first).toContain('which npm run signin:amazon gets');
  expect(first).not.toContain(token);
  expect([...smapi.skills.keys()]).toEqual([files.read().ALEXA_SKILL_ID]);
  const [skill = expect.unreachable()] = smapi.skills.values();
  expect(skill.accountLinking?.accountLinkingRequest).toMatchObject({
    authorizationUrl: `https://${host}/authorize?audience=https%3A%2F%2Fpod.localtest.me`,
    clientId: pod.client_id,
  });

  smapi.calls.length = 0;
  expect(await run([''])).toContain('The skill at Amazon is of these settings.');
  expect(smapi.calls).toEqual([]);

  // Another certificate is another package, which is brought there only if it shall be.
  await files.keep({ ALEXA_CERTIFICATE: 'Wildcard' });
  expect(await run(['', 'n'])).toContain('Bringing build/skill-package to Amazon updates the skill');
  expect(smapi.calls).toEqual([]);
});
