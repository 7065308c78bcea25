import { describe, expect, it } from 'vitest';
import { accessTokenOf, applicationIdsOf, type IntentRequest, parseEnvelope } from '../../src/alexa/envelope';
import { alexaRequest, skillId } from '../fixtures/alexa-request';

const { context, session, request: launch } = alexaRequest({ type: 'LaunchRequest' });
const { application, user } = session;
const { type: _launch, ...base } = launch;
const match = (id: string) => ({
  resolutionsPerAuthority: [
    {
      authority: 'amzn1.er-authority.TOPPING',
      status: { code: 'ER_SUCCESS_MATCH' },
      values: [{ value: { name: id, id } }],
    },
  ],
});

const withRequest = (request: object) => ({
  version: '1.0',
  context,
  session,
  request: { ...base, ...request },
});
const withIntent = (intent: unknown) => withRequest({ type: 'IntentRequest', intent });
const withSlot = (slot: unknown) => withIntent({ name: 'GetMeSomePizzaIntent', slots: { Size: slot } });
const refused = expect.objectContaining({ name: 'RequestNotVerified', reason: 'malformed' });

describe('parseEnvelope reads', () => {
  it('an intent with one value in a slot', () => {
    const slot = { name: 'Size', value: 'big', resolutions: match('large'), confirmationStatus: 'NONE' };
    const { intent } = parseEnvelope(withSlot(slot)).request as IntentRequest;
    expect(intent.slots?.Size).toEqual(slot);
  });

  it('an intent with several values in a slot', () => {
    const values = ['bacon', 'onions'].map((id) => ({ type: 'Simple', value: id, resolutions: match(id) }));
    const slot = { name: 'Toppings', slotValue: { type: 'List', values } };
    const { intent } = parseEnvelope(withSlot(slot)).request as IntentRequest;
    expect(intent.slots?.Size?.slotValue).toEqual(slot.slotValue);
  });

  it.each([
    ['an intent without slots', withIntent({ name: 'AMAZON.HelpIntent' })],
    ['a slot without a value', withSlot({ name: 'Size', confirmationStatus: 'NONE' })],
    ['a slot with an empty value', withSlot({ name: 'Size', value: '' })],
    ['an unresolved slot', withSlot({ name: 'Size', value: 'giant', resolutions: {} })],
    ['a request of 2016, without context', { version: '1.0', session, request: launch }],
    ['an event without session', { version: '1.0', context, request: launch }],
    ['an event with a null session', { version: '1.0', context, session: null, request: launch }],
    [
      'a session that ended with an error',
      withRequest({ type: 'SessionEndedRequest', error: { type: 'X' } }),
    ],
    ['a type that is not known yet', withRequest({ type: 'Alexa.Presentation.APL.UserEvent' })],
    ['fields that are not known yet', { ...withRequest(launch), future: { deep: [1, null, { a: true }] } }],
  ])('%s', (_what, envelope) => {
    expect(parseEnvelope(envelope).request.requestId).toBe(base.requestId);
  });

  it('null fields as absent ones, and leaves its input as it was', () => {
    const envelope = withIntent({ name: 'AMAZON.StopIntent', slots: null });
    const before = structuredClone(envelope);
    const parsed = parseEnvelope({ ...envelope, session: { ...session, attributes: null } });
    expect(parsed.session).not.toHaveProperty('attributes');
    expect((parsed.request as IntentRequest).intent).toEqual({ name: 'AMAZON.StopIntent' });
    expect(envelope).toEqual(before);
  });
});

describe('parseEnvelope refuses', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 'bottom' : [deep(levels - 1)]);

  it.each([
    ['null', null],
    ['a list', []],
    ['a string', 'LaunchRequest'],
    ['no request', { context, session }],
    ['a null request', { context, session, request: null }],
    ['neither context nor session', { request: launch }],
    ['a context without System', { context: {}, session, request: launch }],
    ['a context without user', { context: { System: { application } }, session, request: launch }],
    ['a context without application', { context: { System: { user } }, session, request: launch }],
    ['a session without user', { context, session: { application }, request: launch }],
    ['a session that is a string', { context, session: 'x', request: launch }],
    [
      'session attributes that are a list',
      { context, session: { ...session, attributes: [] }, request: launch },
    ],
    [
      'session attributes with the STATE of alexa-sdk',
      { context, session: { ...session, attributes: { STATE: 'x' } }, request: launch },
    ],
    ['no type', withRequest({})],
    ['an empty type', withRequest({ type: '' })],
    ['a type that is a number', withRequest({ type: 1 })],
    ["a type that is an alexa-sdk handler's name", withRequest({ type: ':responseReady' })],
    ['no request id', withRequest({ type: 'LaunchRequest', requestId: undefined })],
    ['an empty request id', withRequest({ type: 'LaunchRequest', requestId: '' })],
    ['an endless request id', withRequest({ type: 'LaunchRequest', requestId: 'x'.repeat(256) })],
    ['a locale that is an object', withRequest({ type: 'LaunchRequest', locale: {} })],
    ['no intent', withIntent(undefined)],
    ['an intent without name', withIntent({})],
    ["an intent that is an alexa-sdk handler's name", withIntent({ name: ':tell' })],
    ['an endless intent name', withIntent({ name: 'x'.repeat(256) })],
    ['slots that are a list', withIntent({ name: 'X', slots: [] })],
    ['a slot that is a string', withSlot('big')],
    ['a slot without name', withSlot({ value: 'big' })],
    ['a slot value that is a number', withSlot({ name: 'Size', value: 1234 })],
    ['an endless slot value', withSlot({ name: 'Size', value: 'x'.repeat(1001) })],
    ['a slotValue of another type', withSlot({ name: 'Size', slotValue: { type: 'Tree' } })],
    ['a list without values', withSlot({ name: 'Size', slotValue: { type: 'List' } })],
    [
      'a list in a list',
      withSlot({ name: 'Size', slotValue: { type: 'List', values: [{ type: 'List', values: [] }] } }),
    ],
    ['null in a list', withSlot({ name: 'Size', slotValue: { type: 'List', values: [null] } })],
    ['resolutions that are a list', withSlot({ name: 'Size', resolutions: [] })],
    [
      'a resolution without status',
      withSlot({ name: 'Size', resolutions: { resolutionsPerAuthority: [{ values: [] }] } }),
    ],
    [
      'a resolved value without name',
      withSlot({
        name: 'Size',
        resolutions: { resolutionsPerAuthority: [{ status: { code: 'X' }, values: [{ value: {} }] }] },
      }),
    ],
    [
      'an access token that is a number',
      { context, session: { ...session, user: { accessToken: 1 } }, request: launch },
    ],
    ['an endless text anywhere', { ...withRequest(launch), future: 'x'.repeat(16_385) }],
    ['nesting without end', { ...withRequest(launch), future: deep(40) }],
    ['a million levels', JSON.parse(`${'['.repeat(1e6)}${']'.repeat(1e6)}`)],
    ['a constructor key', { ...withRequest(launch), future: { constructor: {} } }],
    ['a prototype key', { ...withRequest(launch), prototype: {} }],
    ['a __proto__ key', { ...withRequest(launch), future: JSON.parse('{"__proto__":{"admin":true}}') }],
  ])('%s', (_what, envelope) => {
    expect(() => parseEnvelope(envelope)).toThrow(refused);
  });

  it('without repeating what was sent', () => {
    expect(() => parseEnvelope(withIntent({ name: ':secret' }))).not.toThrow(/secret/);
  });
});

describe('accessTokenOf', () => {
  const tokens = (inContext?: string | null, inSession?: string | null) =>
    accessTokenOf(
      parseEnvelope({
        context: { System: { application, user: { ...user, accessToken: inContext } } },
        session: { ...session, user: { ...user, accessToken: inSession } },
        request: launch,
      }),
    );

  it('takes the token of the context first, then the one of the session', () => {
    expect(tokens('a', 'b')).toBe('a');
    for (const none of [undefined, null, '']) expect(tokens(none, 'b')).toBe('b');
  });

  it('is undefined while the account is not linked, whether absent, null or empty', () => {
    for (const none of [undefined, null, '']) expect(tokens(none, none)).toBeUndefined();
    expect(accessTokenOf(parseEnvelope({ context, request: launch }))).toBeUndefined();
  });
});

describe('applicationIdsOf', () => {
  it('gives those that are there', () => {
    expect(applicationIdsOf(parseEnvelope(withRequest(launch)))).toEqual([skillId, skillId]);
    expect(applicationIdsOf(parseEnvelope({ context, request: launch }))).toEqual([skillId]);
    const nameless = { System: { application: {}, user } };
    expect(applicationIdsOf(parseEnvelope({ context: nameless, request: launch }))).toEqual([]);
  });
});
