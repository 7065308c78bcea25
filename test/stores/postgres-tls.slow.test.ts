import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pizzaOrder } from '../../src/orders/pizza-order';
import { createPostgresStore } from '../../src/stores/postgres';
import { pendingOrder, storeOrders } from '../fixtures/orders';
import { type PostgresServer, startPostgres } from '../fixtures/postgres';
import { issueTlsCertificate } from '../fixtures/tls-certificate';

let postgres: PostgresServer;
let tlsEnd: Awaited<ReturnType<typeof startTlsEnd>>;
beforeAll(async () => {
  postgres = await startPostgres();
  tlsEnd = await startTlsEnd(postgres);
});
afterAll(async () => {
  await tlsEnd?.stop();
  await postgres?.stop();
});

/** PostgreSQL as it is reached from another machine: it speaks TLS once it is asked to (its manual, "SSL Session Encryption"). */
async function startTlsEnd({ socket }: PostgresServer) {
  const { authority: pem, tls } = await issueTlsCertificate();
  const directory = await mkdtemp(join(tmpdir(), 'pod-postgres-tls-'));
  const authority = join(directory, 'ca.pem');
  await writeFile(authority, pem);
  const open = new Set<Socket>();
  const server = createServer((plain) => {
    open.add(plain);
    plain.on('error', () => {});
    plain.once('data', () => {
      const secured = new TLSSocket(plain, { isServer: true, ...tls });
      const inner = connect(socket);
      for (const one of [secured, inner]) one.on('error', () => plain.destroy());
      secured.pipe(inner).pipe(secured);
      plain.write('S');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    authority,
    /** The same database over TLS, by a name of this machine. */
    urlOf: (databaseUrl: string, host: string, query: string) =>
      `postgres://postgres@${host}:${port}${new URL(databaseUrl).pathname}?${query}`,
    async stop(): Promise<void> {
      for (const one of open) one.destroy();
      server.close();
      await rm(directory, { recursive: true });
    },
  };
}

const openUrl = (url: string) => createPostgresStore(url, pizzaOrder, { warn() {} }, 10);

it.each(['verify-full', 'require'])(
  'speaks TLS with a server of the authority that it is told of (%s)',
  async (mode) => {
    const url = await postgres.createDatabase();
    const query = `sslmode=${mode}&sslrootcert=${tlsEnd.authority}`;
    const store = openUrl(tlsEnd.urlOf(url, 'localhost', query));
    const order = pendingOrder();
    await storeOrders(store, [order]);
    expect(await store.find(order.id)).toEqual(order);
    await store.close();
  },
);

it.each([
  [
    'whose authority is not known',
    'localhost',
    () => 'sslmode=verify-full',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  [
    'whose authority is not known, with require',
    'localhost',
    () => 'sslmode=require',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ],
  [
    'that is called otherwise',
    '127.0.0.1',
    () => `sslmode=verify-full&sslrootcert=${tlsEnd.authority}`,
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ],
])('tells nothing to a server %s', async (_server, host, query, code) => {
  const url = await postgres.createDatabase();
  const store = openUrl(tlsEnd.urlOf(url, host, query()));
  await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable', cause: { code } });
  await store.close();
});
