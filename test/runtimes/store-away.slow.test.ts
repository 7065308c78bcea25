import pino from 'pino';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config';
import { startServer } from '../../src/runtimes/server';
import { openClient, type PostgresServer, startPostgres } from '../fixtures/postgres';
import { testSettings } from '../fixtures/settings';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

/** The production server on this database, and its log. */
async function start(databaseUrl: string) {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const settings = { ...testSettings, DATABASE_URL: databaseUrl };
  const config = { ...parseConfig(settings), port: 0, metricsPort: 0 };
  const server = await startServer({ config, assets: new Map(), log });
  onTestFinished(() => server.close());
  return {
    readyz: async () => (await fetch(`${server.url}/readyz`)).text(),
    metrics: async () => (await fetch(server.metricsUrl)).text(),
    text: () => lines.join(''),
    said: (message: string) =>
      lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg.startsWith(message)),
  };
}

/** The URL of a new database for a new role, which an administrator has prepared. */
async function databaseOf(role: string, prepare = ''): Promise<{ url: URL; name: string }> {
  const url = new URL(await postgres.createDatabase());
  const name = url.pathname.slice(1);
  await asAdministrator(
    `CREATE ROLE ${role} LOGIN PASSWORD 'right'; GRANT CREATE ON DATABASE ${name} TO ${role}`,
  );
  await asAdministrator(prepare.replaceAll('%', name), url.href);
  url.username = role;
  url.password = 'hunter2';
  return { url, name };
}

async function asAdministrator(sql: string, url?: string): Promise<void> {
  const client = await openClient(url ?? (await postgres.createDatabase()));
  await client.query(sql);
  await client.end();
}

const causes: [string, () => Promise<string>, object][] = [
  [
    'nobody listens',
    async () => 'postgres://pod:hunter2@127.0.0.1:1/pod',
    { code: 'ECONNREFUSED', reason: 'connect ECONNREFUSED 127.0.0.1:1' },
  ],
  [
    'the password is wrong',
    async () => {
      const { url } = await databaseOf('guarded', 'SELECT 1');
      // Each role's way in is a line of this file; the first that fits counts.
      await asAdministrator(`
        CREATE TEMP TABLE way_in (line text);
        INSERT INTO way_in VALUES ('local all guarded scram-sha-256'), ('local all all trust');
        DO $$ BEGIN EXECUTE format('COPY way_in TO %L', current_setting('hba_file')); END $$;
        SELECT pg_reload_conf()`);
      // The server reads it in its own time.
      const enter = () => asAdministrator('SELECT 1', url.href).catch(({ code }) => code);
      await expect.poll(enter).toBe('28P01');
      return url.href;
    },
    { code: '28P01', reason: 'password authentication failed for user "guarded"' },
  ],
  [
    'the database does not exist',
    async () => {
      const { url } = await databaseOf('lost', 'SELECT 1');
      url.pathname = '/nowhere';
      return url.href;
    },
    { code: '3D000', reason: 'database "nowhere" does not exist' },
  ],
  [
    'the role may not make tables',
    async () => (await databaseOf('meek', 'REVOKE CREATE ON DATABASE % FROM meek')).url.href,
    { code: '42501', reason: expect.stringMatching(/^permission denied for database pod_/) },
  ],
  [
    'there are too many connections',
    async () => (await databaseOf('many', 'ALTER ROLE many CONNECTION LIMIT 0')).url.href,
    { code: '53300', reason: 'too many connections for role "many"' },
  ],
  [
    'a newer POD has been there',
    async () => {
      const newer =
        'CREATE TABLE pod.schema_version (version integer); INSERT INTO pod.schema_version VALUES (99)';
      const grants = 'GRANT USAGE ON SCHEMA pod TO late; GRANT SELECT ON pod.schema_version TO late';
      return (await databaseOf('late', `CREATE SCHEMA pod; ${newer}; ${grants}`)).url.href;
    },
    { reason: expect.stringContaining('schema version 99') },
  ],
];

it.each(causes)('B1: says in the log and at /readyz that %s', async (_cause, provide, told) => {
  const { readyz, said, text, metrics } = await start(await provide());
  expect(await readyz()).toBe('starting\n');
  await expect.poll(() => said('the store is away')).toMatchObject([{ level: 50, ...told }]);
  expect(said('POD is ready')).toEqual([]);
  expect(said('POD listens')).toMatchObject([{ msg: 'POD listens, and waits for PostgreSQL' }]);
  expect(text()).not.toContain('hunter2');
  expect(await metrics()).toContain('pod_store_up 0');
});

it('B1: says when the store is there at last', async () => {
  const { url, name } = await databaseOf('patient', 'SELECT 1');
  url.pathname = '/later';
  const { readyz, said, metrics } = await start(url.href);
  expect(await readyz()).toBe('starting\n');
  await asAdministrator(`ALTER DATABASE ${name} RENAME TO later`);
  await expect.poll(readyz).toBe('ready\n');
  await expect.poll(() => said('the store is there again')).toHaveLength(1);
  expect(said('POD is ready')).toHaveLength(1);
  expect(await metrics()).toContain('pod_store_up 1');
  expect(await metrics()).toMatch(/pod_store_faults_total\{reason="store_unavailable"\} [1-9]/);
});

it('B5: is not ready while PostgreSQL takes no writes, and is again without a restart', async () => {
  const { url, name } = await databaseOf('reader', 'SELECT 1');
  const { readyz, said } = await start(url.href);
  expect(await readyz()).toBe('ready\n');
  const readOnly = (be: string) =>
    asAdministrator(
      `ALTER DATABASE ${name} SET default_transaction_read_only = ${be};
       SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
  await readOnly('on');
  await expect.poll(readyz).toBe('the store is away\n');
  await expect
    .poll(() => said('the store is away'))
    .toContainEqual(expect.objectContaining({ code: '25006' }));
  await readOnly('off');
  await expect.poll(readyz).toBe('ready\n');
});
