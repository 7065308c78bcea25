import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { describe, expect, it } from 'vitest';
import { pendingLifetimeMs } from '../../src/step-up/action';
import { customerOf, home, pendingOrder, pizza, storeOrders } from '../fixtures/orders';
import { type Api, startApi } from './start-api';

function authorize({ call }: Api, id: string, code: unknown, as = 'ann') {
  return call('POST', `/orders/${id}/authorize`, { as, json: { code } });
}

describe('authorizing an order', () => {
  it('confirms it with the code that was sent, leading zeros and all, and tells the board once', async () => {
    const api = await startApi();
    const id = await api.order('ann');
    expect(api.codes.newestCode('ann')).toBe('0001');
    const confirmed = await authorize(api, id, '0001');
    expect(confirmed.status).toBe(200);
    expect(confirmed.json).toMatchObject({ id, status: 'confirmed' });
    const { settledAt, evidence } = confirmed.json;
    expect(evidence).toMatchObject({ method: 'code', door: 'api', channel: 'sms', at: settledAt });
    const again = await authorize(api, id, '0001');
    expect([again.status, again.json.code]).toEqual([409, 'order_already_confirmed']);
    expect(again.json.order).toEqual(confirmed.json);
    expect(api.told('confirmed')).toHaveLength(1);
  });

  it.each([
    ['a name and an address', 'Ann', home],
    ['a name', 'Zoë Ångström', undefined],
    ['an address', undefined, home],
    ['neither', undefined, undefined],
  ])(
    'shows all that was proved, of a customer who has %s: the hash can be made from the answer',
    async (_who, name, address) => {
      const api = await startApi();
      api.codes.rename('ann', name);
      api.codes.moveTo('ann', address);
      const placed = await api.call('POST', '/orders', { as: 'ann', json: pizza });
      expect(placed.json).toMatchObject({ number: 1, ...(name && { name }) });
      const { json } = await authorize(api, placed.json.id, api.codes.newestCode('ann'));
      const { size, toppings, bill, name: shown } = json;
      expect(shown).toBe(name);
      const terms = canonicalize({ size, toppings, bill, name: shown }) ?? '';
      expect(createHash('sha256').update(terms).digest('hex')).toBe(json.evidence.termsHash);
    },
  );

  it('shows an order of a POD that knew neither names nor numbers without them', async () => {
    const api = await startApi();
    const old = pendingOrder({ customerId: customerOf('ann'), placedAt: Date.now() });
    await storeOrders(api.store, [old]);
    const { json } = await api.call('GET', `/orders/${old.id}`, { as: 'ann' });
    expect(json).toMatchObject({ id: old.id, status: 'pending' });
    for (const absent of ['name', 'number']) expect(json).not.toHaveProperty(absent);
  });

  it('counts wrong codes down, and refuses the order at the third, even if the next one is right', async () => {
    const api = await startApi();
    const id = await api.order('ann');
    const first = await authorize(api, id, '9999');
    expect([first.status, first.json.code, first.json.attemptsLeft]).toEqual([403, 'wrong_code', 2]);
    expect((await authorize(api, id, '9998')).json.attemptsLeft).toBe(1);
    const third = await authorize(api, id, '9997');
    expect([third.status, third.json.code, third.json.attemptsLeft]).toEqual([409, 'order_refused', 0]);
    const right = await authorize(api, id, api.codes.newestCode('ann'));
    expect([right.status, right.json.code]).toEqual([409, 'order_refused']);
    expect(api.codes.counts('ann').checked).toBe(3);
  });

  it('never spends more than three attempts on parallel guesses', async () => {
    const api = await startApi();
    const id = await api.order('ann');
    const guesses = await Promise.all(
      ['9991', '9992', '9993', '9994', '9995'].map((code) => authorize(api, id, code)),
    );
    expect(api.codes.counts('ann').checked).toBeLessThanOrEqual(3);
    expect(guesses.filter(({ status }) => status === 200)).toEqual([]);
  });

  it('locks after five wrong codes in a row, whichever orders they were for', async () => {
    const api = await startApi();
    const first = await api.order('ann');
    for (const code of ['9991', '9992', '9993']) await authorize(api, first, code);
    const second = await api.order('ann');
    await authorize(api, second, '9994');
    const fifth = await authorize(api, second, '9995');
    expect([fifth.status, fifth.json.code]).toEqual([423, 'ordering_locked']);
    const placed = await api.call('POST', '/orders', { as: 'ann', json: { size: 'small', toppings: [] } });
    expect(placed.json.code).toBe('ordering_locked');
  });

  it.each(['', '123', '12345', '12a4', ' 1234', '１２３４', '١٢٣٤', '1e3 ', '-123', '1'.repeat(5000)])(
    'does not ask Auth0 about %o, and spends no attempt on it',
    async (code) => {
      const api = await startApi();
      const id = await api.order('ann');
      const refused = await authorize(api, id, code);
      expect([refused.status, refused.json.code]).toEqual([422, 'not_a_code']);
      expect(refused.json.order.attemptsLeft).toBe(3);
      expect(api.codes.counts('ann').checked).toBe(0);
    },
  );

  it.each([[1234], [null], [true], [['1234']], [{ toString: '1234' }]])(
    'refuses %o as a malformed request: a code is a string',
    async (code) => {
      const api = await startApi();
      const id = await api.order('ann');
      const refused = await authorize(api, id, code);
      expect([refused.status, refused.json.code]).toEqual([400, 'invalid_request']);
      expect(api.codes.counts('ann').checked).toBe(0);
    },
  );

  it('refuses an order whose time is over', async () => {
    const api = await startApi();
    const id = await api.order('ann');
    api.passTime(pendingLifetimeMs + 1);
    const late = await authorize(api, id, api.codes.newestCode('ann'));
    expect([late.status, late.json.code, late.json.order.status]).toEqual([409, 'order_expired', 'expired']);
  });
});

describe('another code', () => {
  it('kills the older one, and keeps spent attempts spent', async () => {
    const api = await startApi();
    const id = await api.order('ann');
    const older = api.codes.newestCode('ann');
    await authorize(api, id, '9999');
    const resent = await api.call('POST', `/orders/${id}/code`, { as: 'ann' });
    expect([resent.status, resent.json.status, resent.json.attemptsLeft]).toEqual([200, 'pending', 2]);
    expect((await authorize(api, id, older)).json.code).toBe('wrong_code');
    expect((await authorize(api, id, api.codes.newestCode('ann'))).json.status).toBe('confirmed');
  });

  it('is not sent for an order that has ended', async () => {
    const api = await startApi();
    const id = await api.order('ann');
    await api.call('DELETE', `/orders/${id}`, { as: 'ann' });
    const refused = await api.call('POST', `/orders/${id}/code`, { as: 'ann' });
    expect([refused.status, refused.json.code]).toEqual([409, 'order_cancelled']);
    expect(api.codes.counts('ann').sent).toBe(1);
  });
});
