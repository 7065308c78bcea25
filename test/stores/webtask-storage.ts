import { createRequire } from 'node:module';
import { pizzaOrder } from '../../src/orders/pizza-order';
import { createWebtaskStore } from '../../src/stores/webtask';
import type { WebtaskStorage } from '../../src/stores/webtask-storage';

export interface RuntimeStorage extends WebtaskStorage {
  readonly data: unknown;
}

// The storage of the real runtime, which checks etags as the service did.
export const runtimeStorage: { create(data?: unknown): RuntimeStorage } = createRequire(__filename)(
  'webtask-runtime/lib/storage',
);

export const now = Date.parse('2030-01-01T12:00:00Z');
export const openOn = (storage: WebtaskStorage) => createWebtaskStore(storage, pizzaOrder, () => now);
