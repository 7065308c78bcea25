import { Client, type Pool } from 'pg';

/** Each entry takes the schema one version further; an entry that has been released never changes. */
const migrations = [
  `CREATE TABLE customers (id text PRIMARY KEY, body text NOT NULL);

   CREATE TABLE orders (
     id uuid PRIMARY KEY,
     customer_id text NOT NULL,
     status text NOT NULL CHECK (status IN ('pending', 'confirmed', 'cancelled', 'expired', 'refused')),
     placed_at bigint NOT NULL,
     expires_at bigint,
     archived_at bigint,
     body text NOT NULL
   );

   CREATE UNIQUE INDEX one_pending_order_a_customer ON orders (customer_id) WHERE status = 'pending';
   CREATE INDEX orders_overdue ON orders (expires_at) WHERE status = 'pending';
   CREATE INDEX orders_of_customer ON orders (customer_id, placed_at DESC, id DESC);
   CREATE INDEX orders_newest ON orders (placed_at DESC, id DESC);
   CREATE INDEX orders_on_board ON orders (placed_at DESC, id DESC) WHERE archived_at IS NULL;
   CREATE INDEX orders_by_status ON orders (status, placed_at DESC, id DESC);
   CREATE INDEX orders_on_board_by_status ON orders (status, placed_at DESC, id DESC) WHERE archived_at IS NULL;`,
];

/** Any number will do; every instance must use the same. */
const migrationLock = 7_303_001;

/** Building an index over many orders takes longer than a turn may, and so does waiting for whoever builds it. */
const longestMigrationMs = 15 * 60_000;

/**
 * Brings the schema up to date, all or nothing. Of several instances that start at once one does it, and the others wait.
 * @throws Error when a newer POD has written the database: an older one must not touch what it does not understand
 */
export async function migratePostgres(pool: Pool): Promise<void> {
  if ((await readVersion(pool)) === migrations.length) return;
  const limits = { statement_timeout: longestMigrationMs, query_timeout: longestMigrationMs };
  const client = new Client({ ...pool.options, ...limits });
  // A connection that breaks tells its query, and again whoever listens to it.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    const version = await readVersion(client);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
    for (const migration of migrations.slice(version)) await client.query(migration);
    await client.query('DELETE FROM schema_version');
    await client.query('INSERT INTO schema_version VALUES ($1)', [migrations.length]);
    await client.query('COMMIT');
  } finally {
    // Closing the connection undoes what is not committed.
    await client.end();
  }
}

async function readVersion(database: Pool | Client): Promise<number> {
  const table = await database.query<{ name: string | null }>("SELECT to_regclass('schema_version') AS name");
  if (!table.rows[0]?.name) return 0;
  const { rows } = await database.query<{ version: number }>('SELECT version FROM schema_version');
  const version = rows[0]?.version ?? 0;
  if (version <= migrations.length) return version;
  throw new Error(
    `The database has schema version ${version}, this POD knows ${migrations.length}: start the newer POD that wrote it.`,
  );
}
