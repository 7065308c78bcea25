import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrderTerms } from '../../src/orders/pizza-order';
import { quote } from '../../src/orders/quote';
import type { CustomerId } from '../../src/step-up/customer';
import { newCustomer } from '../../src/step-up/ledger';
import { hashTerms } from '../../src/step-up/terms-hash';
import { home, newCustomerId, pizza } from '../fixtures/orders';
import type { OpenStore } from '../fixtures/step-up';

type Body = Readonly<Record<string, unknown>>;

/** What another version of POD has left of a customer: bodies as JSON, and what stands beside them. */
interface Bodies {
  record: Body;
  order: Body & { id: string; placedAt: number };
  archivedAt?: number;
}

/** A store, and the way past it to what it keeps. */
export interface OpenMedium extends OpenStore<OrderTerms> {
  lay(customerId: CustomerId, bodies: Bodies): Promise<void>;
  /** The bodies that lie there now. */
  look(customerId: CustomerId): Promise<{ record: unknown; order: unknown }>;
}

const { bill } = quote(pizza, home);
const refusal = { code: 'store_unavailable', cause: expect.any(Error) };

/** Which bodies a store reads, and what it does with the others. Every implementation's own test calls it. */
export function storedBodies(name: string, open: () => Promise<OpenMedium>): void {
  describe(`what ${name} reads`, () => {
    let medium: OpenMedium;
    let customerId: CustomerId;

    beforeEach(async () => {
      medium = await open();
      customerId = newCustomerId();
    });
    afterEach(() => medium.dispose());

    it.each([
      [{ status: 'pending', expiresAt: 10 }, { expiresAt: 10 }],
      [{ status: 'confirmed', settledAt: 10 }, { endedAt: 10 }],
      [{ status: 'expired', settledAt: 10 }, { endedAt: 10 }],
      [{ status: 'refused', settledAt: 10 }, { endedAt: 10 }],
      [
        { status: 'cancelled', settledAt: 10, reason: 'staff' },
        { endedAt: 10, reason: 'staff' },
      ],
    ])('is a body of version 1: %j', async (state, told) => {
      const record = recordOf(customerId);
      const order = orderOf(customerId, state);
      await medium.lay(customerId, { record, order });

      const { pizza: terms, settledAt: _renamed, ...others } = order as Body;
      const action = { ...others, terms, ...told };
      const { store } = medium;
      const customer = { ...newCustomer(customerId), ...record };
      expect(await store.read(customerId)).toEqual({ customer, latest: action });
      expect(await store.find(order.id)).toEqual(action);
      expect((await store.list({ limit: 5 })).actions).toEqual([action]);
    });

    it('is a body of version 1 that was archived', async () => {
      const order = orderOf(customerId, { status: 'confirmed', settledAt: 6 });
      await medium.lay(customerId, { record: recordOf(customerId), order, archivedAt: 70 });
      expect(await medium.store.find(order.id)).toMatchObject({ endedAt: 6, archivedAt: 70 });
      expect((await medium.store.list({ limit: 5 })).actions).toEqual([]);
    });

    it('becomes a body of version 2 when it is written again', async () => {
      const order = orderOf(customerId, { status: 'pending', expiresAt: 10 });
      await medium.lay(customerId, { record: recordOf(customerId), order });
      await medium.store.transact(customerId, ({ customer, latest }) => ({
        customer: { ...customer, wrongCodesInARow: 3 },
        actions: latest?.status === 'pending' ? [{ ...latest, attempts: 2 }] : [],
        result: undefined,
      }));

      const bodies = await medium.look(customerId);
      expect(bodies.record).toMatchObject({ version: 2, wrongCodesInARow: 3, codesSentAt: [7] });
      expect(bodies.order).toMatchObject({ version: 2, terms: pizza, attempts: 2, expiresAt: 10 });
      expect(bodies.order).not.toHaveProperty('pizza');
      expect((await medium.store.read(customerId)).latest).toMatchObject({ terms: pizza, attempts: 2 });
    });

    it.each<[string, Body]>([
      ['of version 2 without a bill and its hash', { terms: pizza }],
      ['with a bill and its hash', { terms: quote(pizza, home), termsHash: hashTerms(quote(pizza, home)) }],
      [
        'with how it was proved',
        {
          terms: pizza,
          termsHash: hashTerms(pizza),
          evidence: { method: 'approval', door: 'page', authTime: 8, amr: ['pop', 'user'], at: 10 },
        },
      ],
      [
        'with a bill and another hash, which is shown and only never confirmed',
        { terms: quote(pizza, home), termsHash: hashTerms(pizza) },
      ],
    ])('is an order %s', async (_case, terms) => {
      const state = { version: 2, status: 'confirmed', endedAt: 10, pizza: undefined };
      const order = orderOf(customerId, { ...state, ...terms });
      await medium.lay(customerId, { record: recordOf(customerId), order });
      const { store } = medium;
      expect(await store.find(order.id)).toMatchObject({ status: 'confirmed', ...terms });
      expect((await store.list({ limit: 5 })).actions).toMatchObject([terms]);
      expect((await store.read(customerId)).latest).toMatchObject(terms);
    });

    it.each<[string, Body]>([
      ['of a newer version', { version: 99 }],
      ['with a hash that is none', { termsHash: 'x' }],
      ['that was proved in no way there is', { evidence: { method: 'nod', door: 'voice', at: 9 } }],
      ['with a bill that does not add up', { pizza: { ...pizza, bill: { ...bill, total: 1 } } }],
      ['with a status that there is not', { status: 'lost' }],
      ['without its time', { expiresAt: undefined }],
      ['with attempts that are no number', { attempts: '1' }],
      [
        'with a confirmation at no time',
        { status: 'cancelled', settledAt: 9, reason: 'staff', confirmedAt: '8' },
      ],
      ['with terms that its kind does not know', { pizza: { size: '', toppings: [] } }],
      ['of version 2 with the terms of version 1', { version: 2 }],
    ])('is no order %s, which is left as it is', async (_case, fault) => {
      const order = orderOf(customerId, { status: 'pending', expiresAt: 10, ...fault });
      await medium.lay(customerId, { record: recordOf(customerId), order });
      const { store } = medium;
      await expectRefused([
        () => store.read(customerId),
        () => store.find(order.id),
        () => store.list({ limit: 5 }),
        () => store.transact(customerId, ({ customer }) => ({ customer, result: 'written' })),
      ]);
    });

    it.each<[string, Body]>([
      ['of a newer version', { version: 99 }],
      ['whose count is no number', { wrongCodesInARow: 'x' }],
      ['whose answers are no list', { answers: {} }],
      ['whose turn has no beginning', { turn: { id: 't' } }],
    ])('is no record %s, which is left as it is', async (_case, fault) => {
      const order = orderOf(customerId, { status: 'confirmed', settledAt: 10 });
      await medium.lay(customerId, { record: { ...recordOf(customerId), ...fault }, order });
      const { store } = medium;
      await expectRefused([
        () => store.read(customerId),
        () => store.transact(customerId, ({ customer }) => ({ customer, result: 'written' })),
      ]);
    });

    async function expectRefused(calls: readonly (() => Promise<unknown>)[]): Promise<void> {
      const before = await medium.look(customerId);
      for (const call of calls) await expect(call()).rejects.toMatchObject(refusal);
      expect(await medium.look(customerId)).toEqual(before);
    }
  });
}

/** A record as version 1 wrote it. */
function recordOf(id: CustomerId): Body {
  return {
    id,
    wrongCodesInARow: 2,
    codesSentAt: [7],
    answers: [{ requestId: 'alexa:1', fingerprint: 'cancel pending', at: 8, outcome: '{"order":{}}' }],
    turn: { id: 't', startedAt: 9 },
  };
}

/** An order as version 1 wrote it. */
function orderOf(customerId: CustomerId, state: Body): Bodies['order'] {
  return {
    id: randomUUID(),
    customerId,
    pizza,
    via: 'voice',
    placedAt: 5,
    attempts: 1,
    delivery: { channel: 'sms', maskedContact: '•••• 0199' },
    ...state,
  };
}
