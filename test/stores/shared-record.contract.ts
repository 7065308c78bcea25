import { describe, expect, it } from 'vitest';
import { type ActionStore, everybody, newCustomer } from '../../src/step-up/ledger';
import { newCustomerId } from '../fixtures/orders';
import type { OpenStore, Sample } from '../fixtures/step-up';
import { useStore } from './use-store';

/** What ActionStore's specification says of the record that all customers share. */
export function sharedRecord<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  describe(`${name}, with what all customers share`, () => {
    const at = useStore(open, sample);
    const { pending, save, another } = at;
    const within = { everybody: true } as const;
    const count = async () => (await at.store.read(everybody)).customer.wrongCodesInARow;
    const countOne = (store: ActionStore<Terms>, customerId = newCustomerId()) =>
      store.transact(
        customerId,
        ({ customer, everybody: shared = newCustomer(everybody) }) => ({
          customer: { ...customer, wrongCodesInARow: 1 },
          everybody: { ...shared, wrongCodesInARow: shared.wrongCodesInARow + 1 },
          result: undefined,
        }),
        within,
      );

    it('shows it to a step that asks for it, and to no other', async () => {
      const id = newCustomerId();
      const seen = (scope?: typeof within) =>
        at.store.transact(id, ({ everybody: shared }) => ({ result: shared }), scope);
      await countOne(at.store);
      expect(await seen(within)).toMatchObject({ id: everybody, wrongCodesInARow: await count() });
      expect(await seen()).toBeUndefined();
    });

    it('counts every one of many steps, of many customers, on as many instances as there can be', async () => {
      const before = await count();
      const other = await another();
      const steps = Array.from({ length: 40 }, (_, index) => countOne(index % 2 && other ? other : at.store));
      await Promise.all(steps);
      await other?.close();
      expect(await count()).toBe(before + 40);
    });

    it('writes both or neither', async () => {
      const theirs = pending();
      await save(theirs);
      const before = await count();
      const customerId = newCustomerId();
      const failing = at.store.transact(
        customerId,
        ({ customer, everybody: shared = newCustomer(everybody) }) => ({
          customer: { ...customer, wrongCodesInARow: 1 },
          everybody: { ...shared, wrongCodesInARow: 99 },
          actions: [theirs],
          result: undefined,
        }),
        within,
      );
      await expect(failing).rejects.toThrow();
      expect(await count()).toBe(before);
      await countOne(at.store, customerId);
      expect((await at.store.read(customerId)).customer.wrongCodesInARow).toBe(1);
    });
  });
}
