import type { Action } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import type { ActionStore } from '../step-up/ledger';
import type { ClaimedNotice, NoticeKind, Outbox } from '../step-up/notice';
import type { Clock, Log } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import { type createMailer, type Letter, NotSent } from './mailer';

/** What is written of each kind of notice, about its action; `page` is the address of the web page, if that is known. */
export type NoticeWords<Terms> = Readonly<
  Record<NoticeKind, (action: Action<Terms>, page: string | undefined) => Letter>
>;

/** What became of a try: `failed` is final, as are `sent` and `no_mailbox`. */
export const mailOutcomes = ['sent', 'put_off', 'failed', 'no_mailbox'] as const;
export type MailOutcome = (typeof mailOutcomes)[number];

export interface CourierParts<Terms> {
  store: Pick<ActionStore<Terms>, 'find' | keyof Outbox>;
  /** Asked when a mail is sent, and forgotten then. Undefined for a customer who has none. */
  mailboxOf(customerId: CustomerId, signal: AbortSignal): Promise<string | undefined>;
  words: NoticeWords<Terms>;
  page: string | undefined;
  send: ReturnType<typeof createMailer>;
  clock: Clock;
  log: Log;
  count?(outcome: MailOutcome): void;
}

/** How many are on their way at once: mail servers mind more. */
const atOnce = 5;
/** Longer than a try may take, so that only a process that died leaves a notice claimed until then. */
const leaseMs = 60_000;
const longestTryMs = 20_000;
/** The next try is as far away as the notice is old: 10 s, 20 s, 40 s, … and an hour at the most. */
const shortestDelayMs = 10_000;
const longestDelayMs = 3_600_000;
const giveUpAfterMs = 24 * 3_600_000;
const lookEveryMs = 10_000;
/** How long a process that stops waits for mails on their way. Those it breaks off are due again, as the same mails. */
const graceMs = 2_500;

/**
 * Brings notices by mail: at least once each, and always as the same mail. What is not taken is tried again for a day. All
 * that it knows is in the store, so that it may end at any moment.
 */
export function createCourier<Terms>(parts: CourierParts<Terms>) {
  const { store, mailboxOf, words, page, send, clock, log, count } = parts;
  const breakOff = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isWanted = false;
  let isStopping = false;

  /** Sends what is due. Never rejects; resolves when nothing is due any more. */
  function wake(): Promise<void> {
    isWanted = true;
    running ??= work();
    return running;
  }

  async function work(): Promise<void> {
    // Whoever calls must have `running` before it ends.
    await Promise.resolve();
    while (isWanted && !isStopping) {
      isWanted = false;
      await bringAllDue().catch((error: unknown) => log.warn(describe(error), 'the outbox cannot be read'));
    }
    running = undefined;
  }

  async function bringAllDue(): Promise<void> {
    while (!isStopping) {
      const now = clock();
      const notices = await store.claimNotices(now, now + leaseMs, atOnce);
      if (notices.length === 0) return;
      await Promise.all(notices.map(bring));
    }
  }

  async function bring(notice: ClaimedNotice): Promise<void> {
    const { id: noticeId, kind, actionId, customerId } = notice;
    const about = { noticeId, notice: kind, actionId, customerId };
    try {
      const outcome = await withinTime((signal) => mail(notice, signal));
      await store.removeNotice(noticeId);
      count?.(outcome);
      log.info(about, outcome === 'sent' ? 'a mail was sent' : 'a notice has no mailbox to go to');
    } catch (error) {
      // The store is away: the notice is due again when its claim is over.
      await putOff(notice, error).catch(() => log.warn(about, 'a notice stays claimed'));
    }
  }

  async function mail(
    { id, kind, actionId, customerId, at }: ClaimedNotice,
    signal: AbortSignal,
  ): Promise<MailOutcome> {
    const action = await store.find(actionId);
    if (!action) throw new NotSent('the action is gone', true);
    const to = await mailboxOf(customerId, signal);
    if (to === undefined) return 'no_mailbox';
    await send({ id, at, to, ...words[kind](action, page) }, signal);
    return 'sent';
  }

  async function putOff(notice: ClaimedNotice, error: unknown): Promise<void> {
    const { id: noticeId, kind, actionId, customerId, at } = notice;
    const about = { noticeId, notice: kind, actionId, customerId, ...describe(error) };
    const age = clock() - at;
    if (age >= giveUpAfterMs || (error instanceof NotSent && error.isFinal)) {
      await store.removeNotice(noticeId);
      count?.('failed');
      return log.error(about, 'a mail was given up');
    }
    const delayMs = Math.min(Math.max(age, shortestDelayMs), longestDelayMs);
    await store.postponeNotice(noticeId, clock() + delayMs);
    count?.('put_off');
    log.warn({ ...about, ms: delayMs }, 'a mail was not sent, and is tried again');
  }

  async function withinTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = new AbortController();
    const end = () => late.abort();
    if (breakOff.signal.aborted) end();
    const limit = setTimeout(end, longestTryMs);
    breakOff.signal.addEventListener('abort', end);
    try {
      return await work(late.signal);
    } finally {
      clearTimeout(limit);
      breakOff.signal.removeEventListener('abort', end);
    }
  }

  return {
    wake,
    /** Looks now, and from time to time from now on: for what is to be tried again, and what other processes have left. */
    start(): void {
      void wake();
      timer = setInterval(wake, lookEveryMs).unref();
    },
    /** Stops after the mails on their way. Nothing is lost: the rest stays in the store, which must be closed after it. */
    async close(): Promise<void> {
      isStopping = true;
      clearInterval(timer);
      const grace = setTimeout(() => breakOff.abort(), graceMs);
      await running;
      clearTimeout(grace);
    },
  };
}

/** Why, without a word of the mail server's or a mailbox; all there is of what nobody expected. */
function describe(error: unknown): object {
  if (error instanceof NotSent) return { reason: error.reason };
  return error instanceof Refusal ? { reason: error.code } : { err: error };
}
