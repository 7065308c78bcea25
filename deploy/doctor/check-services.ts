import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../../src/config';
import { createPusherClient } from '../../src/feed/pusher';
import { createMailTransport } from '../../src/mail/mailer';
import { openStore } from '../../src/runtimes/server';
import { type Finding, findingsOf, reasonOf } from './finding';

const patienceMs = 5_000;
const silent = { info() {}, warn() {}, error() {} };

/** Whether what POD keeps orders in, and tells pages and customers by, is there and takes its credentials. */
export async function checkServices(config: Config): Promise<Finding[]> {
  return [await checkDatabase(config), await checkMail(config), await checkPusher(config)];
}

/** Opening a store brings its tables up to date, and an answer comes only then. */
async function checkDatabase(config: Config): Promise<Finding> {
  const { ok, fault } = findingsOf('database');
  const what = config.databaseUrl?.startsWith('postgres') ? 'PostgreSQL' : 'the SQLite file';
  const cure =
    'DATABASE_URL must name a database that POD may make tables in, or a file in a folder that it may write.';
  try {
    const store = openStore(config, silent);
    try {
      await soon(store.ping());
      return ok(`${what} answers, and its tables are those of this POD`);
    } finally {
      await soon(store.close());
    }
  } catch (error) {
    return fault(`${what} does not answer: ${reasonOf(error)}`, cure);
  }
}

/** A server waits for its database for ever. */
async function soon<Value>(answer: Promise<Value>): Promise<Value> {
  const late = pause(patienceMs, undefined, { ref: false }).then(() => {
    throw new Error(`it took more than ${patienceMs / 1000} s`);
  });
  return Promise.race([answer, late]);
}

async function checkMail({ mail }: Config): Promise<Finding> {
  const { ok, fault, unchecked } = findingsOf('mail');
  if (!mail) return unchecked('no receipts are mailed', 'Set MAIL_URL and MAIL_FROM, if they shall be.');
  const { host } = mail.server;
  try {
    await createMailTransport(mail.server).verify();
    return ok(`${host} takes mails of POD`);
  } catch (error) {
    return fault(
      `${host} takes no mails of POD: ${(error as { code?: string }).code}`,
      'Correct MAIL_URL: host, port, user and password.',
    );
  }
}

async function checkPusher({ pusher }: Config): Promise<Finding> {
  const { ok, fault, unchecked } = findingsOf('pusher');
  if (!pusher)
    return unchecked(
      'pages ask for news every few seconds',
      'Set the four PUSHER settings, if they shall hear at once.',
    );
  const client = createPusherClient(pusher);
  try {
    await client.get({ path: '/channels' });
    return ok('Pusher knows the app');
  } catch (error) {
    const { status } = error as { status?: number };
    return fault(
      `Pusher refuses the app: ${status ?? reasonOf(error)}`,
      'Copy PUSHER_APPID, PUSHER_KEY, PUSHER_SECRET and PUSHER_CLUSTER again, from App Keys.',
    );
  }
}
