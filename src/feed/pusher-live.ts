import { createHash, createHmac } from 'node:crypto';
import type { Viewer } from '../orders/viewer';
import type { PusherSettings } from '../pusher-settings';
import type { CustomerId } from '../step-up/customer';

/**
 * The Pusher channels on which open pages hear of orders. Pusher has no way to take a channel back from a page
 * that was once let in, so a channel lives a quarter of an hour and its successor must be asked for again:
 * together with the session's 45 minutes, a permission that was taken away is gone within the hour.
 */
const channelLifetimeMs = 15 * 60_000;

/** Hears of every order. */
export function staffChannel(now: number): string {
  return `private-staff-${period(now)}`;
}

/** Hears of this customer's orders. Hashed, because a customer id holds characters that a channel name may not. */
export function customerChannel(customerId: CustomerId, now: number): string {
  const hash = createHash('sha256').update(customerId).digest('base64url');
  return `private-customer-${hash}-${period(now)}`;
}

/** Lets pages listen: what a page needs to connect, which channel is whose, and what opens it. */
export function createPusherLive({ key, secret, cluster = '', own }: PusherSettings) {
  const { host, port, tls = true } = own ?? {};
  return {
    /** What pusher-js connects with. */
    connection: { key, cluster, host, port, tls },
    /** Where it connects to: https://pusher.com/docs/channels/library_auth_reference/pusher-websockets-protocol/ */
    socketOrigin: `${tls ? 'wss' : 'ws'}://${host ?? `ws-${cluster}.pusher.com`}${host && port ? `:${port}` : ''}`,
    channelFor: ({ staff, customerId }: Viewer, now: number): string =>
      staff ? staffChannel(now) : customerChannel(customerId, now),
    /** When the channels of `now` fall silent, in milliseconds since the epoch. */
    endsAt: (now: number): number => (period(now) + 1) * channelLifetimeMs,
    /**
     * What lets the connection `socketId` into a private channel, and into no other:
     * https://pusher.com/docs/channels/library_auth_reference/auth-signatures/
     */
    authorize(socketId: string, channel: string): { auth: string } {
      const signature = createHmac('sha256', secret).update(`${socketId}:${channel}`).digest('hex');
      return { auth: `${key}:${signature}` };
    },
  };
}

function period(now: number): number {
  return Math.floor(now / channelLifetimeMs);
}
