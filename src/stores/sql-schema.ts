/** Where the two databases cannot use the same words. */
interface Dialect {
  uuid: string;
  time: string;
  /** What follows the columns of a table. */
  table: string;
  /** When the action ended, out of its body. */
  endedAt: string;
  /** Whether `mayBeLocked` in step-up/ is true of the record, out of its body. */
  isLocked: string;
}

export const sqlite: Dialect = {
  uuid: 'text',
  time: 'integer',
  table: 'STRICT',
  endedAt: "coalesce(body ->> '$.endedAt', body ->> '$.settledAt')",
  isLocked: `body ->> '$.wrongCodesInARow' >= 5 OR json_array_length(body, '$.wrongCodesAt') >= 10
    OR body ->> '$.disownedAt' IS NOT NULL`,
};
export const postgres: Dialect = {
  uuid: 'uuid',
  time: 'bigint',
  table: '',
  endedAt: "coalesce(body::json ->> 'endedAt', body::json ->> 'settledAt')::bigint",
  isLocked: `(body::json ->> 'wrongCodesInARow')::int >= 5 OR json_array_length(body::json -> 'wrongCodesAt') >= 10
    OR body::json ->> 'disownedAt' IS NOT NULL`,
};

/**
 * Each entry takes the schema one version further; an entry that has been released never changes what a statement sees.
 * In a file of an earlier POD the customers are WITHOUT ROWID, where a record of over 1,002 bytes is kept in pages of its
 * own (sqlite.org/fileformat2.html, "B-tree pages"): the same to every statement, and slower to write.
 */
const migrations = [
  ({ uuid, time, table }: Dialect) => `
    CREATE TABLE customers (id text PRIMARY KEY, body text NOT NULL) ${table};

    CREATE TABLE orders (
      id ${uuid} PRIMARY KEY,
      customer_id text NOT NULL,
      status text NOT NULL CHECK (status IN ('pending', 'confirmed', 'cancelled', 'expired', 'refused')),
      placed_at ${time} NOT NULL,
      expires_at ${time},
      archived_at ${time},
      body text NOT NULL
    ) ${table};

    CREATE UNIQUE INDEX one_pending_order_a_customer ON orders (customer_id) WHERE status = 'pending';
    CREATE INDEX orders_overdue ON orders (expires_at) WHERE status = 'pending';
    CREATE INDEX orders_of_customer ON orders (customer_id, placed_at DESC, id DESC);
    CREATE INDEX orders_newest ON orders (placed_at DESC, id DESC);
    CREATE INDEX orders_on_board ON orders (placed_at DESC, id DESC) WHERE archived_at IS NULL;
    CREATE INDEX orders_by_status ON orders (status, placed_at DESC, id DESC);
    CREATE INDEX orders_on_board_by_status ON orders (status, placed_at DESC, id DESC) WHERE archived_at IS NULL;`,
  // With it come bodies of version 2, which a POD that knows version 1 only would misread.
  ({ time }: Dialect) => `ALTER TABLE orders ADD COLUMN hidden_at ${time}`,
  ({ uuid, time, table }: Dialect) => `
    CREATE TABLE notices (
      id ${uuid} PRIMARY KEY,
      customer_id text NOT NULL,
      kind text NOT NULL,
      action_id ${uuid} NOT NULL,
      written_at ${time} NOT NULL,
      due_at ${time} NOT NULL
    ) ${table};

    CREATE INDEX notices_due ON notices (due_at);`,
  // A POD before this one that runs beside it leaves `ended_at` empty, and its orders come as they were placed.
  ({ time, endedAt, isLocked }: Dialect) => `
    ALTER TABLE orders ADD COLUMN ended_at ${time};
    ALTER TABLE orders ADD COLUMN archived_by text;
    ALTER TABLE customers ADD COLUMN may_be_locked ${time};

    UPDATE orders SET ended_at = ${endedAt} WHERE status = 'confirmed';
    UPDATE customers SET may_be_locked = 1 WHERE ${isLocked};

    CREATE INDEX orders_to_do ON orders (coalesce(ended_at, placed_at), id)
      WHERE status = 'confirmed' AND archived_at IS NULL;
    CREATE INDEX customers_locked ON customers (id) WHERE may_be_locked = 1;`,
];

/** The version of a schema that is up to date. */
export const schemaVersion = migrations.length;

/**
 * What brings a schema of this version up to date, in order.
 * @throws Error for a newer POD's schema: an older one must not touch what it does not understand
 */
export function migrationsAfter(version: number, dialect: Dialect): string[] {
  if (version > schemaVersion) {
    throw new Error(
      `The database has schema version ${version}, this POD knows ${schemaVersion}: start the newer POD that wrote it.`,
    );
  }
  return migrations.slice(version).map((migration) => migration(dialect));
}
