import { Client, type Pool } from 'pg';
import { migrationsAfter, postgres, schemaVersion } from './sql-schema';

/** Any number will do; every instance must use the same. */
const migrationLock = 7_303_001;

/** Building an index over many orders takes longer than a turn may, and so does waiting for whoever builds it. */
const longestMigrationMs = 15 * 60_000;

/**
 * Brings the schema up to date, all or nothing. Of several instances that start at once one does it, and the others wait.
 * @throws Error when a newer POD has written the database
 */
export async function migratePostgres(pool: Pool): Promise<void> {
  if ((await missingMigrations(pool)).length === 0) return;
  const limits = { statement_timeout: longestMigrationMs, query_timeout: longestMigrationMs };
  const client = new Client({ ...pool.options, ...limits });
  // A connection that breaks tells its query, and again whoever listens to it.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    const migrations = await missingMigrations(client);
    await client.query('CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)');
    for (const migration of migrations) await client.query(migration);
    await client.query('DELETE FROM schema_version');
    await client.query('INSERT INTO schema_version VALUES ($1)', [schemaVersion]);
    await client.query('COMMIT');
  } finally {
    // Closing the connection undoes what is not committed.
    await client.end();
  }
}

async function missingMigrations(database: Pool | Client): Promise<string[]> {
  const table = await database.query<{ name: string | null }>("SELECT to_regclass('schema_version') AS name");
  if (!table.rows[0]?.name) return migrationsAfter(0, postgres);
  const { rows } = await database.query<{ version: number }>('SELECT version FROM schema_version');
  return migrationsAfter(rows[0]?.version ?? 0, postgres);
}
