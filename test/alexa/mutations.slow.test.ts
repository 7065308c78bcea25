import fc from 'fast-check';
import { expect, it } from 'vitest';
import { intent } from '../fixtures/alexa-request';
import { assertProperty } from '../fixtures/assert-property';
import { envelope, openDoor } from './open-door';

const odd = fc.oneof(
  fc.constantFrom(null, '', '__proto__', ':tell', -1, 1e308, true, [], {}, { constructor: {} }),
  fc.string({ maxLength: 30 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Replaces or removes whatever the numbers point at, wherever it lies in the envelope. */
function mutate(value: object, [at, drop, replacement]: [number, boolean, unknown]): object {
  const copy = structuredClone(value);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  const [parent, key] = places[at % places.length] ?? [];
  if (!parent || key === undefined) return copy;
  if (drop) delete parent[key];
  else parent[key] = replacement;
  return copy;
}

const mutations = fc.array(fc.tuple(fc.nat(200), fc.boolean(), odd), { minLength: 1, maxLength: 4 });

it('answers 10,000 mutated envelopes with 200 or 400, and stores nothing for a refused one', async () => {
  const door = await openDoor();
  const statuses = new Map<number, number>();
  const count = async () => (await door.store.list({ limit: 200, includeArchived: true })).actions.length;
  let stored = await count();

  await assertProperty(
    fc.asyncProperty(mutations, fc.constantFrom('signed', 'unsigned', 'altered'), async (changes, how) => {
      const request = intent('GetMeSomePizzaIntent', { Size: 'large', Toppings: 'pepperoni' });
      const body = Buffer.from(JSON.stringify(changes.reduce<object>(mutate, envelope(door, request))));
      const headers = how === 'unsigned' ? {} : door.chain.sign(body);
      if (how === 'altered') body[body.length - 1] = 0x20;
      const { status, text } = await door.post(body, '/alexa', headers);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      expect([200, 400]).toContain(status);
      expect(() => JSON.parse(text)).not.toThrow();
      if (how !== 'signed') expect(status).toBe(400);
      if (status === 400) expect(await count()).toBe(stored);
      stored = await count();
    }),
    { numRuns: 10_000, endOnFailure: true },
  );
  expect(statuses.get(200)).toBeGreaterThan(100);
  expect(statuses.get(400)).toBeGreaterThan(5_000);
});
