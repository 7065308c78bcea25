import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import jwt from 'jsonwebtoken';
import type { Config } from '../src/config';

/** Any customer's phone number tells whose it is, so that the stub needs no directory. */
const numberOf = (customerId: string) => `+1${customerId.replace(/\D/g, '').padStart(10, '0')}`;

/**
 * Stands for Auth0 at the far end of POD's real SDKs: answers every call after `latencyMs`, and takes any code.
 * The id_tokens are signed beforehand, because at Auth0's that is not POD's work.
 */
export function createAuth0Stub(config: Config, latencyMs: number, customerIds: readonly string[]) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'RS256', use: 'sig' };
  const idTokens = new Map(
    customerIds.map((subject) => {
      const claims = { issuer: config.issuer, audience: config.clientId, subject, expiresIn: 36_000 };
      return [numberOf(subject), jwt.sign({}, privateKey, { algorithm: 'RS256', keyid: 'bench', ...claims })];
    }),
  );
  let calls: string[] = [];

  function answer({ pathname }: URL, body: string): unknown {
    switch (pathname) {
      case '/passwordless/start':
        return {};
      case '/.well-known/jwks.json':
        return { keys: [jwk] };
      case '/.well-known/openid-configuration':
        return { issuer: config.issuer, token_endpoint: `${config.issuer}oauth/token` };
      case '/oauth/token': {
        const token = { access_token: 'token', token_type: 'Bearer', expires_in: 86_400 };
        return { ...token, id_token: idTokens.get(new URLSearchParams(body).get('username') ?? '') };
      }
      default:
        return user(decodeURIComponent(pathname.slice('/api/v2/users/'.length)));
    }
  }

  const stub: typeof fetch = async (input, init) => {
    const isRequest = input instanceof Request;
    const url = new URL(isRequest ? input.url : input);
    calls.push(url.pathname.replace(/users\/.*/, 'users/{id}'));
    const body = answer(url, isRequest ? await input.text() : String(init?.body ?? ''));
    if (latencyMs > 0) await pause(latencyMs);
    return Response.json(body);
  };

  return {
    fetch: stub,
    takeCalls() {
      const taken = calls;
      calls = [];
      return taken;
    },
  };
}

function user(customerId: string) {
  const phone_number = numberOf(customerId);
  return {
    user_id: customerId,
    user_metadata: { phone_number },
    identities: [
      { connection: 'POD-DB', provider: 'auth0', user_id: customerId.replace('auth0|', '') },
      { connection: 'sms', provider: 'sms', user_id: '1', profileData: { phone_number } },
    ],
  };
}

/** The same stub behind TLS on loopback, in the measuring process: a real deployment pays for the network too. */
export async function serveOverTls(answer: typeof fetch, tls: { key: string; cert: string }) {
  const server = createServer(tls, async (request, response) => {
    const body = await text(request);
    const url = `https://${request.headers.host}${request.url}`;
    const answered = await answer(url, { method: request.method, body });
    response.setHeader('content-type', 'application/json').end(await answered.text());
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    stop: () => server.close(),
  };
}

/** Sends to `origin` what is meant for the tenant: its name is in every token, and nobody answers to it. */
export const fetchFrom =
  (origin: string): typeof fetch =>
  (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : input);
    return fetch(new URL(pathname + search, origin), init);
  };
