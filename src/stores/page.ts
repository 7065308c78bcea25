import { type Action, isUuid } from '../step-up/action';
import type { ActionPage } from '../step-up/ledger';
import { Refusal } from '../step-up/refusal';

/** Where a page ended: the last action's place in the sequence "newest first, then by id". */
export interface Cursor {
  placedAt: number;
  id: string;
}

/** @throws Refusal `invalid_request` for a text that no page gave */
export function parseCursor(text: string | undefined): Cursor | undefined {
  if (text === undefined) return undefined;
  const [, placedAt, id] = /^(\d{1,16})\/(.*)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (placedAt && id && isUuid(id)) return { placedAt: Number(placedAt), id };
  throw new Refusal('invalid_request', 'The cursor is not one that a page of orders gave.');
}

/** The page of the first `limit` actions, with a cursor if there are more. */
export function toPage<Terms>(found: readonly Action<Terms>[], limit: number): ActionPage<Terms> {
  const actions = found.slice(0, limit);
  const last = actions.at(-1);
  if (found.length <= limit || !last) return { actions };
  return { actions, next: Buffer.from(`${last.placedAt}/${last.id}`).toString('base64url') };
}
