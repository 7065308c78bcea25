import { describe, expect, it } from 'vitest';
import { openApi, openApiFor } from '../../src/api/openapi';
import { apiCodes } from '../../src/api/openapi-schemas';
import { problemTraits } from '../../src/http/problem';
import { sizes, toppings } from '../../src/orders/menu';
import { channels, statuses } from '../../src/step-up/action';
import { codePattern } from '../../src/step-up/code';
import { type Answer, assertDocumented } from './documented';
import { startApi } from './start-api';

describe('the OpenAPI document', () => {
  it('is served as it stands in the code, and its references lead somewhere', async () => {
    const { call } = await startApi();
    const { text } = await call('GET', '/openapi.json');
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(openApi)));
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(10);
    for (const name of references) expect(openApi.components.schemas).toHaveProperty(name as string);
  });

  it('names the menu, every state and channel, every code of the product and what a code looks like', () => {
    const { Order, Problem, Authorization } = openApi.components.schemas;
    expect(Order.properties).toMatchObject({
      status: { enum: statuses },
      size: { examples: sizes },
      toppings: { items: { examples: toppings } },
      codeSentTo: { properties: { channel: { enum: channels } } },
    });
    expect(Authorization.properties.code.pattern).toBe(codePattern(4));
    const { schemas } = openApiFor(6).components;
    expect(schemas.Authorization.properties.code.pattern).toBe('^[0-9]{6}$');
    expect(Problem.properties).toMatchObject({
      code: { enum: apiCodes },
    });
    // By API the id names what is meant, so that nobody is asked for a yes; nothing is approved there.
    const elsewhere = Object.keys(problemTraits).filter((code) => !apiCodes.includes(code));
    expect(elsewhere).toEqual([
      'confirmation_needed',
      'nothing_to_affirm',
      'nothing_to_change',
      'insufficient_user_authentication',
    ]);
  });

  it('says of every code of the product which operation answers it', () => {
    const responses = Object.values(openApi.paths).flatMap((operations) =>
      Object.values(operations).flatMap((operation) => Object.values(operation.responses)),
    );
    const documented = JSON.stringify(responses);
    for (const code of apiCodes) expect(documented).toContain(`"${code}"`);
  });

  it('declares the variables of each path, and gives each operation a name of its own', () => {
    const names = Object.entries(openApi.paths).flatMap(([path, operations]) =>
      Object.values(operations).map((operation) => {
        const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
        expect(declared.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        return operation.operationId;
      }),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('B17: what generators of clients and validating proxies read', () => {
  const { Order } = openApi.components.schemas;

  /** Every object within the document, with where it is. */
  function* objectsIn(value: unknown, path = ''): Generator<[string, Record<string, unknown>]> {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) yield [path, value as Record<string, unknown>];
    for (const [key, member] of Object.entries(value)) yield* objectsIn(member, `${path}/${key}`);
  }

  it('is that an order has each of its properties, also those it has in one state only', () => {
    const sometimes = [
      ...['expiresAt', 'attemptsLeft', 'settledAt', 'cancelReason', 'confirmedAt', 'evidence'],
      ...['name', 'number'],
    ];
    expect(Object.keys(Order.properties as object)).toEqual(expect.arrayContaining(sometimes));
    for (const name of sometimes) expect(Order.required).not.toContain(name);
    for (const [path, object] of objectsIn([Order.then, Order.else]))
      for (const name of (object.required as string[] | undefined) ?? [])
        expect(Object.keys(Order.properties as object), path).toContain(name);
  });

  it.each([
    [{ status: 'pending', expiresAt: '2026-11-25T23:58:03.864Z', attemptsLeft: 3 }, true],
    [{ status: 'pending', expiresAt: '2026-11-25T23:58:03.864Z' }, false],
    [
      {
        status: 'pending',
        expiresAt: '2026-11-25T23:58:03.864Z',
        attemptsLeft: 3,
        settledAt: '2026-11-25T23:58:03.864Z',
      },
      false,
    ],
    [{ status: 'confirmed', settledAt: '2026-11-25T23:58:03.864Z' }, true],
    [{ status: 'confirmed' }, false],
    [{ status: 'confirmed', settledAt: '2026-11-25T23:58:03.864Z', attemptsLeft: 3 }, false],
    [{ status: 'confirmed', settledAt: '2026-11-25T23:58:03.864Z', cancelReason: 'customer' }, false],
    [{ status: 'cancelled', settledAt: '2026-11-25T23:58:03.864Z', cancelReason: 'customer' }, true],
    [{ status: 'cancelled', settledAt: '2026-11-25T23:58:03.864Z' }, false],
    [
      {
        status: 'cancelled',
        settledAt: '2026-11-25T23:58:03.864Z',
        cancelReason: 'customer',
        confirmedAt: '2026-11-25T23:58:03.864Z',
      },
      true,
    ],
    [{ status: 'expired', settledAt: '2026-11-25T23:58:03.864Z', other: 1 }, false],
  ])('is that each state has its own: %j', (state, isDocumented) => {
    const pizza = { size: 'large', toppings: [], customer: 'auth0|a', placedAt: '2026-11-25T23:58:03.864Z' };
    const body = { orders: [{ id: '430ad013-a55a-4723-9656-603c7613835f', ...pizza, ...state }] };
    const headers = new Headers({ 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
    const check = () =>
      assertDocumented('GET', '/orders', { status: 200, headers, text: JSON.stringify(body) });
    if (isDocumented) expect(check).not.toThrow();
    else expect(check).toThrow('not as documented');
  });

  it('is nothing beside a reference', () => {
    for (const [path, object] of objectsIn(openApi))
      if ('$ref' in object) expect(Object.keys(object), path).toEqual(['$ref']);
  });

  it('is where the API is, in full where that is known, an id to try, and each header with what it means', async () => {
    const { call } = await startApi({ publicOrigin: 'https://pod.example' });
    const { servers, paths } = (await call('GET', '/openapi.json')).json;
    expect(servers).toEqual([{ url: 'https://pod.example/api' }]);
    expect((await (await startApi()).call('GET', '/openapi.json')).json.servers[0].url).toBe('.');
    expect(paths['/orders/{id}'].get.parameters[0].example).toMatch(/^[0-9a-f-]{36}$/);
    for (const [path, object] of objectsIn(paths))
      if (path.includes('/headers/') && 'schema' in object) expect(object.description, path).toMatch(/.{10}/);
  });
});

describe('the check that every answer of these tests goes through', () => {
  const problem = { type: 'about:blank', title: 'x', status: 404, detail: 'x', code: 'not_found' };
  const answer = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
    status,
    headers: new Headers({
      'Cache-Control': 'no-store',
      'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
      ...headers,
    }),
    text: JSON.stringify(body),
  });

  it('passes what is documented', () => {
    expect(() => assertDocumented('GET', '/orders/1', answer(404, problem))).not.toThrow();
    expect(() => assertDocumented('GET', '/orders', answer(200, { orders: [] }))).not.toThrow();
  });

  it.each<[string, string, Answer]>([
    ['an undocumented status', '/orders/1', answer(418, problem)],
    ['a status the operation does not have', '/orders', answer(404, problem)],
    ['a code that belongs to another status', '/orders/1', answer(404, { ...problem, code: 'forbidden' })],
    ['a stack trace', '/orders/1', answer(404, { ...problem, stack: 'at' })],
    ['a missing member', '/orders', answer(200, {})],
    ['a missing challenge', '/orders', answer(401, { ...problem, status: 401, code: 'invalid_token' })],
    ['an answer that may be cached', '/orders', answer(200, { orders: [] }, { 'Cache-Control': 'public' })],
    ['another media type', '/orders', answer(200, { orders: [] }, { 'Content-Type': 'text/html' })],
  ])('fails for %s', (_fault, path, wrong) => {
    expect(() => assertDocumented('GET', path, wrong)).toThrow();
  });
});
