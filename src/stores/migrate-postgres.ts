import { Client, type Pool } from 'pg';
import { moveFromPublic } from './move-from-public';
import { migrationsAfter, postgres, schemaVersion } from './sql-schema';

/** Any number will do; every instance must use the same. */
const migrationLock = 7_303_001;

/** Building an index over many orders takes longer than a turn may, and so does waiting for whoever builds it. */
const longestMigrationMs = 15 * 60_000;

/**
 * Brings POD's tables up to date, all or nothing. They lie in a schema of their own, `pod`, because others may have tables
 * of the same names. Of several instances that start at once one does it, and the others wait.
 * @throws Error when a newer POD has written the database, or when what is found there is not POD's
 */
export async function migratePostgres(pool: Pool): Promise<void> {
  if ((await missingMigrations(pool)).length === 0) return;
  const client = new Client({ ...pool.options, query_timeout: longestMigrationMs });
  // A connection that breaks tells its query, and again whoever listens to it.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL statement_timeout TO ${longestMigrationMs}`);
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await provideSchema(client);
    const migrations = await missingMigrations(client);
    await client.query('SET LOCAL search_path TO pod');
    for (const migration of migrations) await client.query(migration);
    await client.query('UPDATE schema_version SET version = $1', [schemaVersion]);
    await client.query('COMMIT');
  } finally {
    // Closing the connection undoes what is not committed.
    await client.end();
  }
}

async function missingMigrations(database: Pool | Client): Promise<string[]> {
  if (!(await isThere(database))) return migrationsAfter(0, postgres);
  const { rows } = await database.query<{ version?: unknown }>('SELECT * FROM pod.schema_version');
  const version = rows[0]?.version;
  if (typeof version !== 'number') throw notOfPod();
  return migrationsAfter(version, postgres);
}

/** Makes the schema with the table of its version, if there is none, and moves what an older POD has written into it. */
async function provideSchema(client: Client): Promise<void> {
  if (await isThere(client)) return;
  const { rows } = await client.query<{ is_there: boolean; has_tables: boolean }>(`
    SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'pod') AS is_there,
      EXISTS (SELECT FROM ${catalog} WHERE nspname = 'pod') AS has_tables`);
  if (rows[0]?.has_tables) throw notOfPod();
  // An operator may have made it for a role that may not.
  if (!rows[0]?.is_there) await client.query('CREATE SCHEMA pod');
  await client.query('CREATE TABLE pod.schema_version (version integer NOT NULL)');
  const version = await moveFromPublic(client);
  await client.query('INSERT INTO pod.schema_version VALUES ($1)', [version]);
}

/**
 * The tables that there are. PostgreSQL's own look-up (`to_regclass`) may remember in a transaction that there was none, although
 * another has made it since: a connection of PgBouncer's has looked before.
 */
const catalog = 'pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace';

async function isThere(database: Pool | Client): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT FROM ${catalog} WHERE nspname = 'pod' AND relname = 'schema_version'`,
  );
  return rows.length > 0;
}

function notOfPod(): Error {
  return new Error(
    'The schema "pod" of this database holds tables that are not POD\'s: give POD a database of its own, or rename that schema.',
  );
}
