import { randomInt } from 'node:crypto';
import type { Channel } from '../../src/step-up/action';
import type { Clock } from '../../src/step-up/outside';
import type { User } from './account';
import type { Configuration } from './configuration';
import type { Inbox } from './inbox';
import type { StateFile } from './state-file';
import type { Users } from './users';

/** Auth0's default validity of a code, which POD's definition keeps. */
export const codeLifetimeMs = 180_000;
/** Digits, and validity in seconds, of a connection that does not say. */
const auth0Codes = { length: 6, time_step: codeLifetimeMs / 1000 };
/** Auth0's limit of wrong tries for one code, which no setting changes. */
const triesPerCode = 3;

/** The newest code of each address. */
export type IssuedCodes = Record<string, { code: string; expiresAt: number; wrongTries: number }>;

export type CodeCheck = { verdict: 'wrong' | 'expired' | 'exhausted' } | { verdict: 'right'; user: User };

/** One-time codes by SMS and e-mail, by Auth0's rules: newest code only, used once, three tries, three minutes. */
export type Passwordless = ReturnType<typeof createPasswordless>;

export function createPasswordless(parts: {
  users: Users;
  inbox: Inbox;
  file: StateFile<IssuedCodes>;
  clock: Clock;
  configuration: Configuration;
}) {
  const { users, inbox, file, clock, configuration } = parts;
  const forced: string[] = [];
  let page: string | undefined;
  const keyOf = (channel: Channel, address: string) => `${channel}:${address.trim().toLowerCase()}`;

  return {
    /** Makes the next code this one, for a test that needs to know it beforehand. */
    forceNextCode(code: string): void {
      forced.push(code);
    },

    /** Makes messages lead to this page. */
    leadTo(address: string): void {
      page = address;
    },

    /** Sends a new code to an address, which kills the one before. Resolves when both are on disk. */
    async send(channel: Channel, address: string): Promise<void> {
      const { length, time_step } = configuration.connection(channel)?.options.totp ?? auth0Codes;
      const code = forced.shift() ?? String(randomInt(10 ** length)).padStart(length, '0');
      file.value[keyOf(channel, address)] = { code, expiresAt: clock() + time_step * 1000, wrongTries: 0 };
      await Promise.all([file.save(), inbox.deliver(channel, address, code, page)]);
    },

    /** Whether `code` is the newest one of this address; a right code is spent by it. */
    async check(channel: Channel, address: string, code: string): Promise<CodeCheck> {
      const issued = file.value[keyOf(channel, address)];
      const user = users.owner(channel, address);
      if (!issued || !user) return { verdict: 'wrong' };
      if (issued.wrongTries >= triesPerCode) return { verdict: 'exhausted' };
      if (clock() >= issued.expiresAt) return { verdict: 'expired' };
      if (issued.code !== code) {
        issued.wrongTries += 1;
        await file.save();
        return { verdict: issued.wrongTries >= triesPerCode ? 'exhausted' : 'wrong' };
      }
      delete file.value[keyOf(channel, address)];
      await Promise.all([file.save(), users.markSignIn(channel, address)]);
      return { verdict: 'right', user };
    },
  };
}
