import { createHash } from 'node:crypto';
import { Pool, type PoolClient } from 'pg';
import { type ActionKind, isUuid } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import { type ActionStore, type Decision, everybody, type Ledger, type Scope } from '../step-up/ledger';
import type { Log } from '../step-up/outside';
import { mustNotWrite, reach } from './faults';
import { migratePostgres } from './migrate-postgres';
import { createSqlOutbox } from './sql-outbox';
import {
  type ActionRow,
  createSqlMarks,
  createSqlReads,
  type LedgerRow,
  type LedgerRows,
  parseLedger,
  type RecordRow,
} from './sql-reads';
import { type Statement, selectAction, selectLedger, selectRecord, writeDecision } from './sql-statements';

/** How often a transition is begun again after the database undid it for another's sake. */
const mostTries = 5;

/** PostgreSQL's codes (appendix A of its manual) for what another transaction was given precedence over. */
const givenWay = new Set(['40001', '40P01']);

/**
 * The store for many machines: any number of instances on one PostgreSQL.
 * Opening does not wait for the database: the schema is brought up to date before the first answer, so that an instance
 * may start while the database is away.
 * Nothing in it belongs to a connection, so that a pooler (PgBouncer) may give each transaction another one.
 * @param url `postgres://…`
 * @param connections how many of them it may hold at once
 */
export function createPostgresStore<Terms>(
  url: string,
  kind: ActionKind<Terms>,
  log: Pick<Log, 'warn'>,
  connections: number,
): ActionStore<Terms> {
  const pool = openPool(url, log, connections);
  let migrated: Promise<void> | undefined;

  async function ready(): Promise<void> {
    migrated ??= migratePostgres(pool);
    await migrated.catch((error) => {
      migrated = undefined;
      throw error;
    });
  }

  async function withClient<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await pool.connect();
    let fault: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      fault = error as Error;
      throw error;
    } finally {
      // A connection that failed in the middle is not given back: closing it undoes everything.
      client.release(fault);
    }
  }

  async function run(statement: Statement) {
    await ready();
    return withClient(async (client) => {
      // Sent together: one way there and back.
      const sent = [client.query(begin), client.query(statement), client.query('COMMIT')] as const;
      return (await Promise.all(sent))[1];
    });
  }

  async function attempt<Result>(
    customerId: CustomerId,
    decide: Decide<Terms, Result>,
    scope: Scope,
  ): Promise<Decided<Result>> {
    return withClient(async (client) => {
      const ledger = parseLedger(kind, customerId, await lockLedger(client, customerId, scope));
      const decided = await decideAndWrite(client, customerId, () => decide(ledger));
      await client.query('thrown' in decided ? 'ROLLBACK' : 'COMMIT');
      return decided;
    });
  }

  async function attemptUntilDecided<Result>(
    customerId: CustomerId,
    decide: Decide<Terms, Result>,
    scope: Scope,
  ): Promise<Decided<Result>> {
    await ready();
    for (let tries = 1; ; tries += 1) {
      try {
        const decided = await attempt(customerId, decide, scope);
        if (!('isUnwritten' in decided) || tries === mostTries) return decided;
      } catch (error) {
        const mayTryAgain = givenWay.has((error as { code?: string }).code ?? '') && tries < mostTries;
        if (!mayTryAgain) throw error;
      }
    }
  }

  const change = <Row>(statement: Statement) => reach<Row[]>(async () => (await run(statement)).rows);

  return {
    ...createSqlReads(kind, async (statement) => (await run(statement)).rows),
    ...createSqlMarks(kind, change),
    ...createSqlOutbox(change),
    async transact(customerId, decide, scope = {}) {
      const decided = await reach(() => attemptUntilDecided(customerId, decide, scope));
      if ('thrown' in decided) throw decided.thrown;
      return decided.result;
    },
    ping: () =>
      reach(async () => {
        await ready();
        await withClient((client) => client.query(tryToWrite));
      }),
    close: () => pool.end(),
  };
}

/**
 * Begins each transaction: where POD's tables are, and how long it may take on the server's side; a turn has under 7 s in all.
 * Said to the transaction and not to the connection, which may be another's a moment later.
 */
const begin =
  'BEGIN; SET LOCAL search_path TO pod; SET LOCAL statement_timeout TO 2000; SET LOCAL idle_in_transaction_session_timeout TO 5000';

/** In one message, so that no process that stops in the middle keeps the others waiting for the row. */
const tryToWrite = `${begin}; UPDATE schema_version SET version = version; ROLLBACK`;

function openPool(url: string, log: Pick<Log, 'warn'>, connections: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 30_000,
    query_timeout: 2_500,
    keepAlive: true,
    pipeline: true,
  });
  // An idle connection that breaks (a failover) would otherwise be an uncaught error; the pool replaces it by itself.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection to PostgreSQL broke'));
  // One that is in use tells its query and, again, whoever listens to it: with nobody listening the process would end.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

// A customer who was never seen has no row to lock, so the lock is on a number made of the id. Two customers of one number
// would only wait for each other. It is taken in a statement of its own, because the next one must see what the last
// holder has written; as a number, it needs no parameter and travels with `begin`.
async function lockLedger(client: PoolClient, customerId: CustomerId, scope: Scope): Promise<LedgerRows> {
  const rows = async <Row extends object>(statement: Statement) => (await client.query<Row>(statement)).rows;
  await client.query(`${begin}; SELECT pg_advisory_xact_lock(${lockNumber(customerId)})`);
  const newest = await rows<LedgerRow>(selectLedger(customerId));
  const { named } = scope;
  const ofNamed = named !== undefined && isUuid(named) ? await rows<ActionRow>(selectAction(named)) : [];
  if (!scope.everybody) return { newest, named: ofNamed };
  // After the customer's own lock, so that no two transitions wait for each other; and last, because all wait for it.
  await client.query(`SELECT pg_advisory_xact_lock(${lockNumber(everybody)})`);
  return { newest, named: ofNamed, everybody: await rows<RecordRow>(selectRecord(everybody)) };
}

function lockNumber(customerId: CustomerId): bigint {
  return createHash('sha256').update(customerId).digest().readBigInt64BE();
}

type Decide<Terms, Result> = (ledger: Ledger<Terms>) => Decision<Terms, Result>;

/**
 * What the decision itself did wrong is its caller's affair, and no fault of the database. But an action that it could not
 * write may have been archived since it was read: archiving does not wait for the customer's lock, and the next try sees it.
 */
type Decided<Result> = { result: Result } | { thrown: unknown; isUnwritten?: true };

async function decideAndWrite<Terms, Result>(
  client: PoolClient,
  customerId: CustomerId,
  decide: () => Decision<Terms, Result>,
): Promise<Decided<Result>> {
  let decision: Decision<Terms, Result>;
  try {
    decision = decide();
  } catch (thrown) {
    return { thrown };
  }
  for (const statement of writeDecision(customerId, decision)) {
    const { rowCount } = await client.query(statement);
    if (rowCount === 0) return { thrown: mustNotWrite(), isUnwritten: true };
  }
  return { result: decision.result };
}
