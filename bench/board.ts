import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CustomerId, type Order, orderStatuses, toppings } from '../src/orders/order';
import { listOrders } from '../src/orders/read-orders';
import type { OrderStore } from '../src/services';
import { createSqliteStore } from '../src/stores/sqlite';

// How long the board's first page takes with few and with many orders in the store: it should not matter.

const pages = {
  everything: {},
  confirmed: { statuses: ['confirmed'] as const },
  'refused, of which there are few': { statuses: ['refused'] as const },
  'one customer': { customerId: customer(1) },
};
const runs = 400;

void main();

async function main(): Promise<void> {
  const few = await measure(100);
  const many = await measure(100_000);
  const rows = Object.keys(pages).map((page) => ({
    page,
    'ms at 100': few[page]?.toFixed(3),
    'ms at 100,000': many[page]?.toFixed(3),
    ratio: ((many[page] ?? 0) / (few[page] ?? 1)).toFixed(2),
  }));
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
}

/** The median time of a first page of 50, in milliseconds, by page. */
async function measure(count: number): Promise<Record<string, number>> {
  const directory = mkdtempSync(join(tmpdir(), 'pod-bench-'));
  const store = createSqliteStore(join(directory, 'orders.db'));
  await fill(store, count);
  const services = { store, clock: Date.now, feed: { publish: async () => {} } };
  const medians: Record<string, number> = {};
  for (const [page, query] of Object.entries(pages)) {
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const startedAt = performance.now();
      JSON.stringify(await listOrders(services, { ...query, limit: 50 }));
      times.push(performance.now() - startedAt);
    }
    medians[page] = times.sort((a, b) => a - b)[runs / 2] ?? 0;
  }
  await store.close();
  rmSync(directory, { recursive: true });
  return medians;
}

async function fill(store: OrderStore, count: number): Promise<void> {
  for (let from = 0; from < count; from += 1_000) {
    const batch = Array.from({ length: Math.min(1_000, count - from) }, (_, index) =>
      settledOrder(from + index),
    );
    await Promise.all(
      batch.map((order) => store.transact(order.customerId, () => ({ orders: [order], result: undefined }))),
    );
  }
}

function settledOrder(index: number): Order {
  const facts = {
    id: randomUUID(),
    // Every size of store has fifty orders a customer, and as many customers as that makes.
    customerId: customer(Math.floor(index / 50)),
    pizza: { size: 'large', toppings: toppings.slice(0, 1 + (index % 3)) },
    via: 'voice',
    placedAt: 1_700_000_000_000 + index * 1_000,
    attempts: 1,
    delivery: { channel: 'sms', maskedContact: '•••• 0101' },
  } as const;
  const settledAt = facts.placedAt + 30_000;
  const status = index % 40 === 0 ? 'refused' : (orderStatuses[1 + (index % 3)] ?? 'confirmed');
  if (status === 'cancelled') return { ...facts, status, settledAt, reason: 'customer' };
  return { ...facts, status: status === 'pending' ? 'confirmed' : status, settledAt };
}

function customer(index: number): CustomerId {
  return `auth0|bench-${index}` as CustomerId;
}
