import { isUuid } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import { type Notice, type NoticeKind, noticeKinds, type Outbox } from '../step-up/notice';
import type { Statement } from './sql-statements';

interface NoticeRow {
  id: string;
  customer_id: CustomerId;
  kind: NoticeKind;
  action_id: string;
  /** A text from pg, whose bigint may be larger than a number can be. */
  written_at: number | string;
}

/** A new notice is due at once. */
export function insertNotice(customerId: CustomerId, { id, kind, actionId, at }: Notice): Statement {
  const text =
    'INSERT INTO notices (id, customer_id, kind, action_id, written_at, due_at) VALUES ($1, $2, $3, $4, $5, $5)';
  return { text, values: [id, customerId, kind, actionId, at] };
}

/** The outbox, which is the same in both databases. `change` runs one statement that writes, and gives the rows it returns. */
export function createSqlOutbox(change: <Row>(statement: Statement) => Promise<Row[]>): Outbox {
  return {
    async claimNotices(now, until, limit) {
      const rows = await change<NoticeRow>({ text: claim, values: [now, until, limit] });
      return rows.map(({ id, customer_id: customerId, kind, action_id: actionId, written_at: at }) => {
        return { id, customerId, kind, actionId, at: Number(at) };
      });
    },
    async postponeNotice(id, until) {
      if (isUuid(id)) await change({ text: postpone, values: [id, until] });
    },
    async removeNotice(id) {
      if (isUuid(id)) await change({ text: remove, values: [id] });
    },
  };
}

/** A newer POD's notices are left to it. */
const known = noticeKinds.map((kind) => `'${kind}'`).join(', ');

// Of two that claim at once the second one waits for the first, and then looks at `due_at` again.
const claim = `
  UPDATE notices SET due_at = $2 WHERE due_at <= $1 AND id IN (
    SELECT id FROM notices WHERE due_at <= $1 AND kind IN (${known}) ORDER BY due_at LIMIT $3
  ) RETURNING id, customer_id, kind, action_id, written_at`;
const postpone = 'UPDATE notices SET due_at = $2 WHERE id = $1 RETURNING id';
const remove = 'DELETE FROM notices WHERE id = $1 RETURNING id';
