import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'jose';

/** What the tenant makes up on its first start and keeps afterwards. */
export type TenantSecrets = Awaited<ReturnType<typeof createSecrets>>;

export async function createSecrets() {
  return {
    clientSecret: randomText(),
    apiSigningKey: randomText(),
    cookieKeys: [randomText()],
    /** Private; signs id_tokens and Management API tokens. Tenants that a process makes share it: their tokens name their issuer. */
    jwks: { keys: [await keyOfProcess()] },
  };
}

let signingKey: Promise<JWK> | undefined;

function randomText(): string {
  return randomBytes(32).toString('base64url');
}

function keyOfProcess(): Promise<JWK> {
  signingKey ??= createSigningKey();
  return signingKey;
}

async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const kid = randomBytes(12).toString('base64url');
  return { ...(privateKey.export({ format: 'jwk' }) as JWK), kid, use: 'sig', alg: 'RS256' };
}
