import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Forgery } from '../../../local/echo/forge-request';
import type { Sent, Turn } from '../../../local/echo/page-data';
import { phoebe, startTestLocal, type TestLocal } from '../../fixtures/local';

let at: TestLocal;
beforeAll(async () => {
  at = await startTestLocal();
  await at.link(phoebe);
});
afterAll(() => at.close());

async function post<Answer>(path: string, body: object): Promise<Answer> {
  const response = await fetch(at.local.echoUrl + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const utter = (text: string) => post<Turn>('/echos/kitchen/utterances', { text, person: 'owner' });
const send = (request: object | string, forgery: Forgery) =>
  post<Sent>('/simulator', {
    body: typeof request === 'string' ? request : JSON.stringify(request),
    forgery,
  });
const speechOf = ({ answer }: Sent) => JSON.stringify(answer);

it('sends a request again as if it were said again: with a time, an id and a signature of its own', async () => {
  const { request } = await utter('what is on the menu');
  const sent = await send(request, 'fresh');
  expect(sent.status).toBe(200);
  expect(speechOf(sent)).toContain('pepperoni');
  const envelope = JSON.parse(sent.body);
  expect(envelope.request.requestId).not.toBe(request.request.requestId);
  expect({ ...envelope, request: undefined }).toEqual({ ...request, request: undefined });
  expect(Object.keys(sent.headers)).toEqual(
    expect.arrayContaining(['Signature-256', 'SignatureCertChainUrl']),
  );
  expect(sent).not.toHaveProperty('reason');
});

it('sends what was edited', async () => {
  const { request } = await utter('help');
  const intent = { name: 'MenuIntent', confirmationStatus: 'NONE', slots: {} };
  const edited = { ...request, request: { ...request.request, type: 'IntentRequest', intent } };
  expect(speechOf(await send(edited, 'fresh'))).toContain('pepperoni');
});

it('sends the very bytes again, which POD answers as before without doing it again', async () => {
  const { request, response } = await utter('get me a large pizza with pepperoni');
  const before = await at.orders();
  const sent = await send(request, 'again');
  expect(sent).toMatchObject({ status: 200, body: JSON.stringify(request), answer: response.body });
  expect(await at.orders()).toEqual(before);
});

it.each<[Forgery, string]>([
  ['unsigned', 'header_missing'],
  ['changed', 'signature_mismatch'],
  ['old', 'stale'],
  ['other-skill', 'other_skill'],
  ['wrong-chain', 'certificate_untrusted'],
  ['chain-elsewhere', 'certificate_url_refused'],
])('breaks it on purpose: %s is a 400, for the reason %s', async (forgery, reason) => {
  const { request } = await utter('where is my order');
  const sent = await send(request, forgery);
  expect(sent).toMatchObject({ status: 400, reason: expect.stringContaining(`${reason}: `) });
});

it('breaks the token on purpose: POD knows nobody by it', async () => {
  const { request } = await utter('where is my order');
  const sent = await send(request, 'foreign-token');
  expect(sent.status).toBe(200);
  expect(speechOf(sent)).toContain('LinkAccount');
  expect(sent.body).not.toContain(request.session.user.accessToken);
});

it('sends what is no request at all, signed, if it is to go as it is', async () => {
  expect(await send('{"hello": "world"}', 'again')).toMatchObject({
    status: 400,
    reason: expect.any(String),
  });
});
