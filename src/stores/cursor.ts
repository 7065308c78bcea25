import { Refusal } from '../errors';
import type { Order } from '../orders/order';

/** Where a page of orders ended: the last order's place in the sequence "newest first, then by id". */
export interface Cursor {
  placedAt: number;
  id: string;
}

export function formatCursor({ placedAt, id }: Pick<Order, 'placedAt' | 'id'>): string {
  return Buffer.from(`${placedAt}/${id}`).toString('base64url');
}

/** @throws Refusal `invalid_request` for a text that formatCursor did not make */
export function parseCursor(text: string): Cursor {
  const [, placedAt, id] =
    /^(\d{1,16})\/([0-9a-f-]{36})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (!placedAt || !id)
    throw new Refusal('invalid_request', 'The cursor is not one that a page of orders gave.');
  return { placedAt: Number(placedAt), id };
}
