import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

// Far cheaper than a real directory's: these passwords are printed on the login page, and start-up should be quick.
const cost = { N: 1024 };

/** Hashes a password for the tenant's own files, with a fresh salt. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString('base64url')}.${derive(password, salt).toString('base64url')}`;
}

/** Whether `hash` was made of this password. */
export function isPassword(password: string, hash: string): boolean {
  const [salt = '', key = ''] = hash.split('.').map((part) => Buffer.from(part, 'base64url'));
  return timingSafeEqual(derive(password, Buffer.from(salt)), Buffer.from(key));
}

function derive(password: string, salt: Buffer): Buffer {
  return scryptSync(password, salt, 32, cost);
}
