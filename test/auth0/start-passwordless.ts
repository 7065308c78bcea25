import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import type { User } from '../../local/tenant/account';
import { type CallName, nameCall } from '../../local/tenant/calls';
import { createLoopbackFetch } from '../../local/tenant/loopback-fetch';
import { createPasswordless } from '../../src/auth0/passwordless';
import { parseConfig } from '../../src/config';
import type { CodeVerdict } from '../../src/step-up/outside';
import { codeOf } from '../fixtures/code-book';
import { openTenant } from '../fixtures/tenant';

/** What happens to a call on its way: `pass` lets it through to the tenant, `signal` is the caller's. */
export type Tamper = (
  call: CallName,
  pass: () => Promise<Response>,
  signal: AbortSignal | null | undefined,
) => Promise<Response>;

/** A signal that never aborts: what ends, ends by itself. */
export const patient = new AbortController().signal;

/**
 * `Passwordless` as POD uses it, on a tenant of its own, with a hand on the wire and on the clock. After the test,
 * nothing that it logged, answered or refused may hold a contact, a code, a token or the client secret.
 */
export async function startPasswordless() {
  let ahead = 0;
  let tamper: Tamper = (_call, pass) => pass();
  const clock = () => Date.now() + ahead;
  const tenant = await openTenant({ clock });
  const config = parseConfig(tenant.settings);
  const reach = createLoopbackFetch(config.auth0Domain);
  const calls: CallName[] = [];
  const shown: unknown[] = [];
  const logged: { level: 'info' | 'warn' | 'error'; fields: Record<string, unknown> }[] = [];
  const secrets = new Set([config.clientSecret, 'eyJ']);

  const note = (level: 'info' | 'warn' | 'error') => (fields: object, message: string) => {
    logged.push({ level, fields: { ...fields } });
    shown.push(fields, message);
  };
  const log = { info: note('info'), warn: note('warn'), error: note('error') };

  const wire: typeof fetch = (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    const body = Object.fromEntries(new URLSearchParams(String(init?.body ?? '')));
    const call = nameCall({ method: init?.method ?? 'GET', path: pathname, body });
    if (!call) throw new Error(`POD has no business at ${pathname}`);
    calls.push(call);
    return tamper(call, () => reach(input, init), init?.signal);
  };

  const newInstance = (settings: { phoneCountries?: readonly string[] } = {}) =>
    watch(
      createPasswordless({ config: { ...config, ...settings }, clock, log, fetch: wire }),
      shown,
      secrets,
    );

  onTestFinished(async () => {
    for (const contact of tenant.users.all().flatMap(contactsOf)) secrets.add(contact);
    await tenant.close();
    const everything = inspect(shown, { depth: 12, showHidden: true, maxStringLength: null });
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });

  return {
    tenant,
    config,
    logged,
    passwordless: newInstance(),
    /** Another process of POD, which shares nothing with the first but the tenant. */
    newInstance,
    /** The calls since the last time this was asked, apart from those a process makes once (token, metadata, keys). */
    takeCalls: () =>
      calls.splice(0).filter((call) => !['management.token', 'discovery', 'jwks'].includes(call)),
    takeAllCalls: () => calls.splice(0),
    hasAsked: (call: CallName) => calls.includes(call),
    tamperWith: (with_: Tamper) => {
      tamper = with_;
    },
    letThrough: () => {
      tamper = (_call, pass) => pass();
    },
    wait: (ms: number) => {
      ahead += ms;
    },
    newestCode(to: string) {
      const code = tenant.inbox.messages(to)[0]?.code;
      if (!code) throw new Error(`Nothing was sent to ${to}`);
      return codeOf(code);
    },
  };
}

type RealPasswordless = ReturnType<typeof createPasswordless>;

/** Keeps what callers see, and never lets the codes they tried be seen. */
function watch(real: RealPasswordless, shown: unknown[], secrets: Set<string>): RealPasswordless {
  const keep = async <T>(outcome: Promise<T>): Promise<T> => {
    outcome.then(
      (value) => shown.push(value),
      (error) => shown.push(error),
    );
    return outcome;
  };
  return {
    sendCode: (customerId, signal) => keep(real.sendCode(customerId, signal)),
    contacts: (customerId, signal) => keep(real.contacts(customerId, signal)),
    nameOf: (customerId, signal) => keep(real.nameOf(customerId, signal)),
    addressOf: (customerId, signal) => keep(real.addressOf(customerId, signal)),
    setAddress: (customerId, address, signal) => keep(real.setAddress(customerId, address, signal)),
    // The one answer that is a contact.
    mailboxOf: real.mailboxOf,
    checkCode: (customerId, code, signal): Promise<CodeVerdict> => {
      secrets.add(`'${code}'`);
      return keep(real.checkCode(customerId, code, signal));
    },
  };
}

function contactsOf({ email, phone_number, user_metadata, identities }: User): string[] {
  const numbers = [phone_number, user_metadata.phone_number].map((number) => String(number ?? ''));
  const linked = identities.flatMap(({ profileData }) => [profileData?.phone_number, profileData?.email]);
  return [email, ...numbers, ...numbers.map((number) => number.replace(/[^0-9]/g, '')), ...linked].filter(
    (address): address is string => Boolean(address),
  );
}
