import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { type CourierParts, createCourier, type MailOutcome } from '../../src/mail/courier';
import { createMailer } from '../../src/mail/mailer';
import { readMailFrom, readMailUrl } from '../../src/mail-settings';
import { noticeWords } from '../../src/orders/notice-words';
import { type Order, type OrderTerms, pizzaOrder } from '../../src/orders/pizza-order';
import { type NoticeKind, noticeOf } from '../../src/step-up/notice';
import { createSqliteStore } from '../../src/stores/sqlite';
import { startMailServer } from '../fixtures/mail-server';
import { endedOrder } from '../fixtures/orders';

export const mailbox = 'phoebe@example.com';
export const beginning = Date.parse('2030-01-01T12:00:00Z');

type Changed = Partial<Pick<CourierParts<OrderTerms>, 'mailboxOf' | 'words' | 'page'>>;

/**
 * A courier with a store and a mail server of its own, and a clock that stands still. After the test nothing that it logged may
 * hold a mailbox, or a word of the mail server's.
 */
export async function openCourier(changed: Changed = {}) {
  const server = await startMailServer();
  const store = createSqliteStore<OrderTerms>(':memory:', pizzaOrder);
  const lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
  const outcomes: MailOutcome[] = [];
  let now = beginning;
  const note = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...fields } });
  const log = { info: note('info'), warn: note('warn'), error: note('error') };

  const newCourier = () => {
    const from = readMailFrom('Pizza on Demand <orders@pod.example>');
    const settings = { server: readMailUrl(server.url), from };
    if (!settings.server || !settings.from) throw new Error('These settings cannot be read.');
    return createCourier<OrderTerms>({
      store,
      mailboxOf: async () => mailbox,
      words: noticeWords,
      page: undefined,
      send: createMailer(settings as Parameters<typeof createMailer>[0]),
      clock: () => now,
      log,
      count: (outcome) => void outcomes.push(outcome),
      ...changed,
    });
  };

  onTestFinished(async () => {
    await server.stop();
    await store.close();
    const everything = inspect(lines, { depth: 12, showHidden: true, maxStringLength: null });
    expect(everything).not.toMatch(/phoebe|@example|@pod|unheard-of/);
  });

  return {
    server,
    store,
    lines,
    outcomes,
    courier: newCourier(),
    /** Another process on the same store. */
    newCourier,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    /** Writes an order and a notice of it, of now. */
    async notify(kind: NoticeKind = 'receipt', order: Order = endedOrder()) {
      const notice = noticeOf(kind, order, now);
      await store.transact(order.customerId, () => ({
        actions: [order],
        notices: [notice],
        result: undefined,
      }));
      return { order, notice };
    },
    /** Whether no notice waits, claimed or not. One that does is due now. */
    isEmpty: async () => (await store.claimNotices(Number.MAX_SAFE_INTEGER, now, 1)).length === 0,
  };
}
