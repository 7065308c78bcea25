import type Database from 'libsql';

/** Each entry takes the schema one version further; an entry that has been released never changes. */
const migrations = [
  `CREATE TABLE customers (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

   CREATE TABLE orders (
     id TEXT PRIMARY KEY,
     customer_id TEXT NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'cancelled', 'expired', 'refused')),
     placed_at INTEGER NOT NULL,
     expires_at INTEGER,
     archived_at INTEGER,
     body TEXT NOT NULL
   ) STRICT;

   CREATE UNIQUE INDEX one_pending_order_a_customer ON orders (customer_id) WHERE status = 'pending';
   CREATE INDEX orders_overdue ON orders (expires_at) WHERE status = 'pending';
   CREATE INDEX orders_of_customer ON orders (customer_id, placed_at DESC, id DESC);
   CREATE INDEX orders_newest ON orders (placed_at DESC, id DESC);
   CREATE INDEX orders_on_board ON orders (placed_at DESC, id DESC) WHERE archived_at IS NULL;
   CREATE INDEX orders_by_status ON orders (status, placed_at DESC, id DESC);
   CREATE INDEX orders_on_board_by_status ON orders (status, placed_at DESC, id DESC) WHERE archived_at IS NULL;`,
];

/**
 * Brings the file's schema up to date, all or nothing.
 * @throws Error when a newer POD has written the file: an older one must not touch what it does not understand
 */
export function migrateSqlite(database: Database.Database): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
      user_version: number;
    };
    if (version > migrations.length) {
      throw new Error(
        `The order file has schema version ${version}, this POD knows ${migrations.length}: start the newer POD that wrote it.`,
      );
    }
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
