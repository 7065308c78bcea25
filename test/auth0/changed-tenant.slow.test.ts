import { expect, it, onTestFinished } from 'vitest';
import type { Api, Application, Connection, TenantConfiguration } from '../../local/tenant/configuration';
import { emil, phoebe, spoken, startTestLocal } from '../fixtures/local';

type All = TenantConfiguration;
const pod = ({ clients }: All) => clients.find(({ name }) => name === 'POD') as Application;
const api = ({ resourceServers }: All) => resourceServers.find(({ name }) => name === 'POD API') as Api;
const connection = ({ connections }: All, named: string) =>
  connections.find(({ name }) => name === named) as Connection;
const scopesOf = (all: All) =>
  all.clientGrants.find(({ client_id }) => client_id === pod(all).client_id)?.scope ?? expect.unreachable();
const remove = <Member>(list: Member[], isGone: (member: Member) => boolean) =>
  list.splice(list.findIndex(isGone), 1);

/** POD with its tenant, and what it logs besides what goes well. */
async function open() {
  const logged: object[] = [];
  const take = (fields: object) => void logged.push(fields);
  const local = await startTestLocal({ log: { info() {}, warn: take, error: take } });
  onTestFinished(local.close);
  const { configuration } = local.local.tenant;
  return { ...local, configuration, logged };
}

const order = 'ask pizza on demand to get me a large pizza with pepperoni';

it.each<
  [
    what: string,
    change: (all: All) => unknown,
    missing: string,
    customer?: { email: string; password: string },
  ]
>([
  ['text messages not enabled', (all) => connection(all, 'sms').enabled_clients.pop(), 'connection'],
  ['no connection for texts', (all) => remove(all.connections, ({ name }) => name === 'sms'), 'connection'],
  ['mails not enabled', (all) => connection(all, 'email').enabled_clients.pop(), 'connection', emil],
  [
    'no connection for mails',
    (all) => remove(all.connections, ({ name }) => name === 'email'),
    'connection',
    emil,
  ],
  ['no Passwordless OTP grant', (all) => remove(pod(all).grant_types, (one) => one.includes('otp')), 'grant'],
  [
    'no client credentials grant',
    (all) => remove(pod(all).grant_types, (one) => one === 'client_credentials'),
    'grant',
  ],
  [
    'no access to the Management API',
    (all) => remove(all.clientGrants, ({ client_id }) => client_id === pod(all).client_id),
    'grant',
  ],
  ['no scope read:users', (all) => remove(scopesOf(all), (one) => one === 'read:users'), 'scope'],
  ['no scope create:users', (all) => remove(scopesOf(all), (one) => one === 'create:users'), 'scope'],
  ['another client secret', (all) => (pod(all).client_secret = 'rotated'.repeat(9)), 'credentials'],
])(
  'a tenant with %s: POD says that it is not set up, and its log names what is missing',
  async (_what, change, missing, customer = phoebe) => {
    const { configuration, logged, ask, link, codeFor, orders } = await open();
    await link(customer);
    change(configuration);
    expect(await ask(order)).toMatch(
      /^Sorry, our code service is not set up correctly, so nothing was ordered/,
    );
    expect(logged).toMatchObject([{ call: expect.any(String), missing }]);
    expect(codeFor(customer.email)).toBe('none');
    expect(await orders()).toEqual([]);
  },
);

it('a tenant with no scope update:users: orders go on, and the log names what is missing', async () => {
  const { configuration, logged, ask, link, codeFor } = await open();
  await link(phoebe);
  remove(scopesOf(configuration), (one) => one === 'update:users');
  await ask(order);
  const said = await ask(`tell pizza on demand to authorize order ${spoken(codeFor(phoebe.phoneNumber))}`);
  expect(said).toContain('is confirmed');
  expect(logged).toContainEqual(expect.objectContaining({ missing: 'scope' }));
});

it.each<[what: string, change: (all: All) => unknown, reason: string]>([
  ['tokens by RS256', (all) => (api(all).signing_alg = 'RS256'), 'invalid algorithm'],
  ['another signing key', (all) => (api(all).signing_secret = 'another'.repeat(9)), 'invalid signature'],
])(
  'a tenant with %s: POD asks for the link again, and its log says what is wrong with the token',
  async (_what, change, reason) => {
    const { configuration, logged, ask, link } = await open();
    change(configuration);
    await link(phoebe);
    expect(await ask(order)).toContain('please link your account.');
    expect(logged).toMatchObject([{ door: 'alexa', outcome: 'invalid_token', reason }]);
  },
);

it.each<[what: string, change: (all: All) => unknown, answer: RegExp]>([
  ['no database for POD', (all) => connection(all, 'POD-DB').enabled_clients.pop(), /no login form/],
  ['Amazon’s addresses missing', (all) => (pod(all).callbacks = []), /no login form/],
  [
    'no authorization code grant',
    (all) => remove(pod(all).grant_types, (one) => one === 'authorization_code'),
    /response_type is not allowed/,
  ],
  [
    'an API of another identifier',
    (all) => (api(all).identifier = 'https://other.example'),
    /Service not found/,
  ],
])('a tenant with %s: nobody can link, and POD asks for the link', async (_what, change, answer) => {
  const { configuration, logged, ask, local } = await open();
  change(configuration);
  const linked = await fetch(`${local.echoUrl}/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: phoebe.email, password: phoebe.password }),
  });
  expect(await linked.json()).toMatchObject({ error: expect.stringMatching(answer) });
  expect(await ask(order)).toContain('please link your account.');
  expect(logged).toMatchObject([{ outcome: 'invalid_token', reason: 'There is no access token' }]);
});

it('a tenant with codes of another length: POD says how many digits it takes, and no try is used up', async () => {
  const { configuration, ask, link, codeFor, orders } = await open();
  await link(phoebe);
  (connection(configuration, 'sms').options.totp as { length: number }).length = 6;
  await ask(order);
  const said = await ask(`tell pizza on demand to authorize order ${spoken(codeFor(phoebe.phoneNumber))}`);
  expect(said).toContain('What are the four digits of your code?');
  expect(await orders()).toMatchObject([{ status: 'pending', attempts: 0 }]);
});
