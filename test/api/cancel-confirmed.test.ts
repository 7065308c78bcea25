import { describe, expect, it } from 'vitest';
import { startApi } from './start-api';

async function startConfirmed() {
  const api = await startApi();
  const id = await api.order('ann');
  const authorize = { as: 'ann', json: { code: api.codes.newestCode('ann') } };
  const { json } = await api.call('POST', `/orders/${id}/authorize`, authorize);
  const cancel = (as = 'ann', key = {}) => api.call('DELETE', `/orders/${id}`, { as, headers: key });
  return { ...api, id, cancel, settledAt: json.settledAt as string };
}

describe('a confirmed order', () => {
  it('is its customer’s to cancel for two minutes, and keeps when it was confirmed', async () => {
    const { call, cancel, passTime, id, settledAt, told } = await startConfirmed();
    passTime(110_000);
    const { status, json } = await cancel();
    expect(status).toBe(200);
    expect(json).toMatchObject({ id, status: 'cancelled', cancelReason: 'customer', confirmedAt: settledAt });
    expect(json.settledAt > settledAt).toBe(true);
    expect((await call('GET', `/orders/${id}`, { as: 'ann' })).json).toEqual(json);
    expect(told('cancelled')).toMatchObject([{ actionId: id, customerId: 'ann' }]);
    expect((await cancel()).json.code).toBe('order_cancelled');
  });

  it('is nobody’s to cancel after that but the staff’s who manage orders', async () => {
    const { cancel, passTime, id } = await startConfirmed();
    passTime(120_001);
    const late = await cancel();
    expect([late.status, late.json.code]).toEqual([409, 'order_already_confirmed']);
    expect(late.json.order).toMatchObject({ id, status: 'confirmed' });
    expect((await cancel('looker')).json.code).toBe('forbidden');
    passTime(600_000);
    expect((await cancel('staff')).json).toMatchObject({ id, status: 'cancelled', cancelReason: 'staff' });
  });

  it('is nobody’s to cancel once it is done', async () => {
    const { cancel, store, id } = await startConfirmed();
    await store.archive(id, { at: 70, by: 'Stella' });
    for (const who of ['ann', 'staff']) {
      const { status, json } = await cancel(who);
      expect([status, json.code]).toEqual([409, 'order_already_confirmed']);
      expect(json.order).toMatchObject({ id, status: 'confirmed' });
    }
  });

  it('can be cancelled while a newer one waits, which waits on', async () => {
    const { call, cancel, order, codes } = await startConfirmed();
    const newer = await order('ann');
    expect((await cancel()).json.status).toBe('cancelled');
    const json = { code: codes.newestCode('ann') };
    const confirmed = await call('POST', `/orders/${newer}/authorize`, { as: 'ann', json });
    expect(confirmed.json).toMatchObject({ id: newer, status: 'confirmed' });
  });

  it('is cancelled once by a repeated request, which is answered the same', async () => {
    const { cancel, passTime, told } = await startConfirmed();
    const key = { 'Idempotency-Key': 'key-1' };
    const first = await cancel('ann', key);
    passTime(120_001);
    expect((await cancel('ann', key)).text).toBe(first.text);
    expect(told('cancelled')).toHaveLength(1);
  });
});
