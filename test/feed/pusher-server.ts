import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PusherSettings } from '../../src/pusher-settings';

interface SentEvent {
  name: string;
  channels: string[];
  data: string;
}

/** A server that speaks the Pusher protocol on loopback, and believes no signature without checking it. */
export interface PusherServer {
  config: PusherSettings;
  /** The same as settings. */
  settings: Record<string, string>;
  /** Every event that arrived with a right signature. */
  events: SentEvent[];
  /** Channels that somebody listens to now. */
  subscribed(): string[];
  /** Subscriptions refused for their signature. */
  refused: string[];
  /** The next requests are answered with these statuses, in this order. */
  failNext(...statuses: number[]): void;
  /** Cuts every open page off and lets none in until `resume`. */
  interrupt(): void;
  resume(): void;
  close(): Promise<void>;
}

const appId = '4711';
const key = 'test-key';
const secret = 'test-secret-of-the-pusher-app';

export async function startPusherServer(): Promise<PusherServer> {
  const events: SentEvent[] = [];
  const refused: string[] = [];
  const failures: number[] = [];
  const pages = new Map<WebSocket, Set<string>>();
  let open = true;

  const http = createServer(async (request, response) => {
    const body = await text(request);
    const failure = failures.shift();
    const status = failure ?? (isSigned(request, body) ? 200 : 401);
    if (status === 200) deliver(JSON.parse(body));
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });

  function deliver(event: SentEvent): void {
    events.push(event);
    for (const [page, channels] of pages) {
      for (const channel of event.channels.filter((name) => channels.has(name))) {
        page.send(JSON.stringify({ event: event.name, channel, data: event.data }));
      }
    }
  }

  let connections = 0;
  const sockets = new WebSocketServer({ server: http, verifyClient: () => open });
  sockets.on('connection', (page: WebSocket) => {
    const channels = new Set<string>();
    pages.set(page, channels);
    page.on('close', () => pages.delete(page));
    connections += 1;
    const socketId = `${connections}.${connections}`;
    const tell = (event: string, data: object, channel?: string) =>
      page.send(JSON.stringify({ event, channel, data: JSON.stringify(data) }));
    page.on('message', (raw) => {
      const { event, data } = JSON.parse(String(raw));
      if (event === 'pusher:ping') tell('pusher:pong', {});
      if (event === 'pusher:unsubscribe') channels.delete(data.channel);
      if (event !== 'pusher:subscribe') return;
      if (data.auth !== `${key}:${hmac(`${socketId}:${data.channel}`)}`) {
        refused.push(data.channel);
        return tell('pusher:subscription_error', { type: 'AuthError', status: 401 }, data.channel);
      }
      channels.add(data.channel);
      tell('pusher_internal:subscription_succeeded', {}, data.channel);
    });
    tell('pusher:connection_established', { socket_id: socketId, activity_timeout: 120 });
  });

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const here = { host: '127.0.0.1', port, tls: false };
  return {
    config: { appId, key, secret, own: here, ownFromHere: here },
    settings: {
      PUSHER_APPID: appId,
      PUSHER_KEY: key,
      PUSHER_SECRET: secret,
      PUSHER_HOST: '127.0.0.1',
      PUSHER_PORT: String(port),
      PUSHER_TLS: 'false',
    },
    events,
    refused,
    subscribed: () => [...pages.values()].flatMap((channels) => [...channels]),
    failNext: (...statuses) => void failures.push(...statuses),
    interrupt() {
      open = false;
      for (const page of pages.keys()) page.terminate();
    },
    resume: () => {
      open = true;
    },
    async close() {
      for (const page of pages.keys()) page.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** https://pusher.com/docs/channels/library_auth_reference/rest-api/#authentication */
function isSigned(request: IncomingMessage, body: string): boolean {
  const url = new URL(request.url ?? '', 'http://pusher');
  if (url.pathname !== `/apps/${appId}/events` || url.searchParams.get('auth_key') !== key) return false;
  if (url.searchParams.get('body_md5') !== createHash('md5').update(body).digest('hex')) return false;
  if (Math.abs(Number(url.searchParams.get('auth_timestamp')) - Date.now() / 1000) > 600) return false;
  const given = url.searchParams.get('auth_signature') ?? '';
  const signed = [...url.searchParams].filter(([name]) => name !== 'auth_signature').sort();
  const query = signed.map(([name, value]) => `${name}=${value}`).join('&');
  const expected = hmac(`${request.method}\n${url.pathname}\n${query}`);
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function hmac(message: string): string {
  return createHmac('sha256', secret).update(message).digest('hex');
}
