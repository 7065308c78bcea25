import { setTimeout as pause } from 'node:timers/promises';
import Pusher from 'pusher';
import type { PusherSettings } from '../pusher-settings';
import type { Clock, Feed, FeedEvent, Log } from '../step-up/outside';
import { customerChannel, staffChannel } from './pusher-live';

interface FeedParts {
  config: PusherSettings;
  clock: Clock;
  log: Log;
  /** How long to wait before each further try, in milliseconds. */
  retryDelaysMs?: readonly number[];
}

/** Events that may wait for a Pusher that is away; beyond that they are dropped, and pages catch up by themselves. */
const waitingAtMost = 500;
const requestTimeoutMs = 5_000;

/**
 * A feed through Pusher, or a self-hosted server that speaks its protocol. An event goes to staff and to its customer, and
 * carries no customer id. A failure is logged and tried again; `publish` never rejects.
 */
export function createPusherFeed(parts: FeedParts): Feed {
  const { config, clock, log, retryDelaysMs = [1_000, 5_000, 20_000] } = parts;
  const pusher = createPusherClient(config);
  let waiting = 0;

  async function send({ customerId, ...event }: FeedEvent): Promise<void> {
    const now = clock();
    const own = customerId === undefined ? [] : [customerChannel(customerId, now)];
    await pusher.trigger([staffChannel(now), ...own], 'order', event);
  }

  async function sendWithRetries(event: FeedEvent): Promise<void> {
    for (const delayMs of [...retryDelaysMs, undefined]) {
      try {
        return await send(event);
      } catch (error) {
        const fields = { eventId: event.id, ...describe(error) };
        if (delayMs === undefined || !isPassing(error)) {
          return log.error(fields, 'an order event was not sent to Pusher');
        }
        log.warn({ ...fields, delayMs }, 'Pusher did not take an order event, trying again');
        await pause(delayMs, undefined, { ref: false });
      }
    }
  }

  return {
    async publish(event) {
      if (waiting >= waitingAtMost) {
        return log.error({ eventId: event.id }, 'too many events wait for Pusher');
      }
      waiting += 1;
      await sendWithRetries(event);
      waiting -= 1;
    },
  };
}

/** The client of Pusher, or of a server of one's own that speaks its protocol. */
export function createPusherClient({
  appId,
  key,
  secret,
  cluster = '',
  ownFromHere,
}: PusherSettings): Pusher {
  const options = { appId, key, secret, timeout: requestTimeoutMs };
  if (!ownFromHere) return new Pusher({ ...options, cluster, useTLS: true });
  const { host, port, tls } = ownFromHere;
  return new Pusher({ ...options, useTLS: tls, host, port: port === undefined ? undefined : String(port) });
}

/** Pusher answers 4xx when the same request will never succeed: https://pusher.com/docs/channels/library_auth_reference/rest-api/ */
function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500 || status === 429;
}

// The error itself holds the signed URL, which is not for the log.
function describe(error: unknown): { status?: number; reason: string } {
  const cause = (error as { error?: { code?: string; type?: string } }).error;
  return { status: statusOf(error), reason: cause?.code ?? cause?.type ?? 'refused' };
}

function statusOf(error: unknown): number | undefined {
  return (error as { status?: number }).status;
}
