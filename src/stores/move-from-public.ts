import type { Client } from 'pg';

/** The last schema version that was kept beside other people's tables, under names that others use too. */
const lastVersionThere = 4;
const tables = ['customers', 'orders', 'notices'] as const;

/** By which POD's own tables are told from another's of the same names. */
const columnsOf = {
  schema_version: ['version'],
  customers: ['id', 'body'],
  orders: ['id', 'customer_id', 'status', 'placed_at', 'expires_at', 'archived_at', 'body'],
} as const;

/**
 * Moves the tables of an older POD, which lie where the role's `search_path` leads, into the schema `pod`, with their indexes.
 * Views stay in their place, by which older processes go on until they are stopped; and the version, raised, so that an
 * older POD that starts later refuses the database. What another has made is left alone.
 * @returns the schema version of what was moved, 0 for nothing
 */
export async function moveFromPublic(client: Client): Promise<number> {
  const from = await findOldSchema(client);
  if (from === undefined) return 0;
  const { rows } = await client.query<{ version: unknown }>(`SELECT version FROM ${from}.schema_version`);
  const version = rows[0]?.version;
  if (typeof version !== 'number' || version > lastVersionThere) return 0;
  for (const table of tables) {
    // Notices came with version 3.
    if (table === 'notices' && version < 3) continue;
    await client.query(`ALTER TABLE ${from}.${table} SET SCHEMA pod`);
    await client.query(`CREATE VIEW ${from}.${table} AS SELECT * FROM pod.${table}`);
  }
  await client.query(`UPDATE ${from}.schema_version SET version = ${lastVersionThere + 1}`);
  return version;
}

/** The name, quoted, of the schema that holds an older POD's tables. A role called `pod` is led to the new one first. */
async function findOldSchema(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ schema: string; table: string; columns: string[] }>(`
    SELECT quote_ident(nspname) AS schema, relname AS table,
      array_agg(attname::text) FILTER (WHERE attnum > 0 AND NOT attisdropped) AS columns
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relkind = 'r' AND relnamespace =
      (SELECT relnamespace FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relname = 'schema_version' AND nspname = ANY(current_schemas(false)) AND nspname <> 'pod'
        ORDER BY array_position(current_schemas(false), nspname) LIMIT 1)
    GROUP BY nspname, relname`);
  const isPods = Object.entries(columnsOf).every(([table, expected]) => {
    const found = rows.find((row) => row.table === table)?.columns ?? [];
    return expected.every((column) => found.includes(column));
  });
  return isPods ? rows[0]?.schema : undefined;
}
