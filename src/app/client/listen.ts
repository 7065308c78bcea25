import Pusher from 'pusher-js';
import type { LiveChannel } from '../page-data';
import { getJson, serverNow } from './api';

export interface Listener {
  onEvent(): void;
  /** Whether events can arrive now. */
  onLive(live: boolean): void;
}

const tryAgainMs = 10_000;

/**
 * Listens by Pusher to the channel of the one who is signed in, and to the next channel when that one ends.
 * An event only says that something changed. The page then reads from the server what it was, as after every gap.
 * @returns a function that stops listening
 */
export async function listen({ onEvent, onLive }: Listener): Promise<() => void> {
  const { body: first } = await getJson<LiveChannel>('live');
  if (!first) throw new Error('The server did not say where to listen');
  const { key, cluster, host, port, tls } = first;
  const pusher = new Pusher(key, {
    cluster,
    ...(host && { wsHost: host, wsPort: port, wssPort: port }),
    forceTLS: tls,
    enabledTransports: [tls ? 'wss' : 'ws'],
    channelAuthorization: { endpoint: 'pusher/auth', transport: 'ajax' },
  });
  let channel = '';
  let timer = 0;

  function follow(next: LiveChannel): void {
    if (next.channel !== channel) {
      pusher.unsubscribe(channel);
      channel = next.channel;
      pusher
        .subscribe(channel)
        .bind('order', onEvent)
        .bind('pusher:subscription_succeeded', () => {
          onLive(true);
          onEvent();
        })
        .bind('pusher:subscription_error', () => {
          onLive(false);
          // Nobody else asks again to be let in.
          pusher.unsubscribe(channel);
          channel = '';
          renewIn(tryAgainMs);
        });
    }
    // Not all pages at once.
    renewIn(next.endsAt - serverNow() + Math.random() * 5_000);
  }

  function renewIn(delayMs: number): void {
    clearTimeout(timer);
    timer = window.setTimeout(async () => {
      try {
        const { body } = await getJson<LiveChannel>('live');
        if (body) follow(body);
      } catch {
        onLive(false);
        renewIn(tryAgainMs);
      }
    }, delayMs);
  }

  pusher.connection.bind('state_change', ({ current }: { current: string }) => {
    if (current !== 'connected') onLive(false);
  });
  follow(first);
  return () => {
    clearTimeout(timer);
    pusher.disconnect();
  };
}
