import { expect, it } from 'vitest';
import { question, type RecordingApp, skillId, startEcho, statement } from './start-echo';

const problem = "There was a problem with the requested skill's response.";

it('opens a session with what people say, and tells what Alexa answers', async () => {
  const { say, app } = await startEcho();
  app.answers.push({ body: question('Fish &amp; chips?') });
  const { request, response, speech } = await say('Alexa, open Pizza on Demand');
  expect(speech).toBe('Fish & chips?');
  expect(response).toEqual({ status: 200, body: question('Fish &amp; chips?') });
  expect(request).toMatchObject({
    version: '1.0',
    session: { new: true, attributes: {}, application: { applicationId: skillId } },
    context: { System: { application: { applicationId: skillId } } },
    request: { type: 'LaunchRequest', locale: 'en-US' },
  });
  expect(request.request.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(app.received).toEqual([{ body: Buffer.from(JSON.stringify(request)), isVerified: true }]);
});

it('keeps the session and its attributes while it is open, with a request id for each utterance', async () => {
  const { say, app } = await startEcho();
  app.answers.push({ body: question('Which?', { draft: { size: 'large' } }) }, { body: question('And?') });
  const [first, second, third] = [await say('get me a pizza'), await say('with bacon'), await say('help')];
  expect(second.request.session).toMatchObject({ new: false, attributes: { draft: { size: 'large' } } });
  expect(third.request.session).toMatchObject({ new: false, attributes: {} });
  const exchanges = [first, second, third];
  expect(new Set(exchanges.map(({ request }) => request.session.sessionId)).size).toBe(1);
  expect(new Set(exchanges.map(({ request }) => request.request.requestId)).size).toBe(3);
});

it.each([
  ['an answer that ends it', { body: statement('Goodbye.') }, 'Goodbye.'],
  ['an answer that does not say', { body: { version: '1.0', response: {} } }, ''],
  ['a refusal', { status: 400, body: {} }, problem],
  ['a breakdown', { status: 500, body: question('Oops?') }, problem],
  ['an answer that is none', { body: 'null' }, problem],
  ['SSML that is none', { body: question('this & that') }, problem],
])('ends the session with %s', async (_what, answer, heard) => {
  const { say, app } = await startEcho();
  const before = await say('open pizza on demand');
  app.answers.push(answer);
  expect((await say('help')).speech).toBe(heard);
  const { session } = (await say('help')).request;
  expect(session.new).toBe(true);
  expect(session.sessionId).not.toBe(before.request.session.sessionId);
});

it('begins a new session whenever the skill is called by its name', async () => {
  const { say, app } = await startEcho();
  app.answers.push({ body: question('Which?', { draft: { size: 'large' } }) });
  await say('get me a pizza');
  const { request } = await say('Alexa, tell pizza on demand to authorize order zero one two three');
  expect(request.session).toMatchObject({ new: true, attributes: {} });
  expect(request.request).toMatchObject({
    type: 'IntentRequest',
    intent: { name: 'AuthorizePizzaOrderIntent', slots: { Code: { value: '0123' } } },
  });
});

it('tells the app that the session ended when people leave', async () => {
  const { say, app } = await startEcho();
  const { request: opened } = await say('open pizza on demand');
  app.answers.push({ body: { version: '1.0', response: {} } });
  const { request, speech } = await say('exit');
  expect(request.request).toMatchObject({ type: 'SessionEndedRequest', reason: 'USER_INITIATED' });
  expect(request.session).toMatchObject({ new: false, sessionId: opened.session.sessionId });
  expect(speech).toBe('');
  expect((await say('help')).request.session.new).toBe(true);
});

it('says so when the app is away', async () => {
  const { say } = await startEcho({ podUrl: 'http://127.0.0.1:1' });
  const { response, speech } = await say('open pizza on demand');
  expect(response.status).toBe(0);
  expect(response.body).toContain('http://127.0.0.1:1/alexa');
  expect(speech).toBe(problem);
});

it('lets one utterance wait for the answer to the one before', async () => {
  const { say, app } = await startEcho();
  const answer = holdAnswer(app);
  const first = say('open pizza on demand');
  await expect.poll(() => app.received.length).toBe(1);
  const second = say('help');
  answer(question('Which?', { draft: { size: 'large' } }));
  await first;
  expect((await second).request.session).toMatchObject({
    new: false,
    attributes: { draft: { size: 'large' } },
  });
});

it('leaves nothing of a conversation to the next customer, even when the account changes in the middle of it', async () => {
  const { say, postJson, app } = await startEcho();
  const answer = holdAnswer(app);
  const interrupted = say('get me a pizza');
  await expect.poll(() => app.received.length).toBe(1);
  await postJson('/unlink', {});
  answer(question('Which?', { draft: { size: 'large' } }));
  await interrupted;
  expect((await say('help')).request.session).toMatchObject({ new: true, attributes: {} });
});

/** Lets the app answer its next request only when the returned function is called. */
function holdAnswer(app: RecordingApp): (body: unknown) => void {
  let release = (_body: unknown) => {};
  app.answers.push(
    new Promise((resolve) => {
      release = (body) => resolve({ body });
    }),
  );
  return (body) => release(body);
}
