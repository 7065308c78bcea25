import { AuthClient } from '@auth0/auth0-auth-js';
import type { Channel } from '../step-up/action';
import type { Code } from '../step-up/code';
import type { CustomerId } from '../step-up/customer';
import type { Clock, CodeVerdict, Log, Passwordless } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import { createCalls } from './calls';
import { type Contact, channelRules } from './contact';
import { callDeadlineMs, withDeadline } from './deadline';
import { verdictOf } from './failures';
import { createIdTokenVerifier, NotProven } from './id-tokens';
import { createManagement, subjectOf } from './management';
import { maskMailbox, maskPhone } from './mask-contact';
import { createProfiles, type Provable } from './profiles';
import type { Tenant } from './tenant';

/** What the SDK takes besides: the request that sends or exchanges a code goes through `customFetch`. */
interface RequestOptions {
  customFetch: typeof fetch;
}

/** What a channel's own calls of the SDK are. */
interface ChannelCalls {
  start(auth: AuthClient, address: string, options: RequestOptions): Promise<unknown>;
  exchange(
    auth: AuthClient,
    address: string,
    request: { code: Code; scope: string },
    options: RequestOptions,
  ): Promise<{ idToken?: string }>;
}

const callsOf: Readonly<Record<Channel, ChannelCalls>> = {
  sms: {
    start: (auth, phoneNumber, options) => auth.passwordless.sendSms({ phoneNumber }, options),
    exchange: (auth, phoneNumber, request, options) =>
      auth.getTokenByPasswordlessSms({ phoneNumber, ...request }, options),
  },
  email: {
    start: (auth, email, options) => auth.passwordless.sendEmail({ email, send: 'code' }, options),
    exchange: (auth, email, request, options) =>
      auth.getTokenByPasswordlessEmail({ email, ...request }, options),
  },
};

/** What a customer may be shown and may change of their profile. Each method throws as those of `Passwordless` do. */
interface CustomerProfiles {
  /**
   * Masked. `codesGoTo` is absent when no code can be sent; `phoneUnusable` says that a phone number is there, and none as
   * it is written.
   */
  contacts(
    customerId: CustomerId,
    signal: AbortSignal,
  ): Promise<{ email?: string; phone?: string; phoneUnusable?: true; codesGoTo?: Channel }>;
  /** What people call the customer, as the profile has it: nothing vouches for it. */
  nameOf(customerId: CustomerId, signal: AbortSignal): Promise<unknown>;
  /** The delivery address as it stands in the profile, which customers can write themselves: nothing vouches for its shape. */
  addressOf(customerId: CustomerId, signal: AbortSignal): Promise<unknown>;
  /** Replaces the delivery address, or removes it. What it throws may have been done, and may be tried again. */
  setAddress(customerId: CustomerId, address: object | undefined, signal: AbortSignal): Promise<void>;
}

/** For whoever brings mail, and nobody else. */
interface Mailboxes {
  /**
   * The customer's mailbox; undefined for one who has none that Auth0 has had proved, and for an account that is blocked or gone.
   * @throws Refusal `upstream_unavailable`, `upstream_misconfigured`
   */
  mailboxOf(customerId: CustomerId, signal: AbortSignal): Promise<string | undefined>;
}

interface Outside {
  config: Pick<Tenant, 'auth0Domain' | 'auth0TenantDomain' | 'issuer' | 'clientId' | 'clientSecret'> & {
    /** The beginnings of the numbers that codes may be texted to; any if absent. */
    phoneCountries?: readonly string[];
  };
  clock: Clock;
  log: Log;
  /** How the tenant is reached; the platform's own fetch if absent. */
  fetch?: typeof fetch;
}

/**
 * One-time codes by Auth0 passwordless. Make it once a process: it keeps the management token, the tenant's metadata
 * and keys, and the customers' contacts for a minute. No call is retried, and each ends after 2.5 s.
 */
export function createPasswordless({
  config,
  clock,
  log,
  fetch: fetchIt = fetch,
}: Outside): Passwordless & CustomerProfiles & Mailboxes {
  const fetchInTime = withDeadline(fetchIt, callDeadlineMs);
  const calls = createCalls({ clock, log, fetch: fetchInTime });
  const management = createManagement(config, fetchInTime, calls, clock);
  const profiles = createProfiles({ management, clock, log, phoneCountries: config.phoneCountries });
  const idTokens = createIdTokenVerifier(config, clock, fetchInTime);
  const auth = new AuthClient({
    domain: config.auth0Domain,
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    customFetch: fetchInTime,
    // The client keeps the metadata itself; by default it also shares them with every other client of the process.
    discoveryCache: { ttl: 0 },
  });

  function start({ channel, address }: Contact, turn: AbortSignal) {
    return calls.effect('passwordless start', turn, (customFetch) =>
      callsOf[channel].start(auth, address, { customFetch }),
    );
  }

  /** The id_token, or what is wrong with the code. */
  function exchange({ channel, address }: Contact, code: Code, turn: AbortSignal) {
    return calls.effect<{ idToken?: string } | CodeVerdict>(
      'code exchange',
      turn,
      (customFetch) => callsOf[channel].exchange(auth, address, { code, scope: 'openid' }, { customFetch }),
      verdictOf,
    );
  }

  /** Who entered the code that was just accepted. Nothing here throws: the code is spent. */
  async function proverOf(
    idToken: string | undefined,
    subjects: readonly string[],
    turn: AbortSignal,
  ): Promise<{ subject: string } | NotProven | 'unsure'> {
    const verify = async () => {
      try {
        return { subject: await idTokens.verify(idToken, subjects) };
      } catch (error) {
        if (error instanceof NotProven) return error;
        throw error;
      }
    };
    return calls
      .ask<{ subject: string } | NotProven>('id_token check', turn, verify)
      .catch(() => 'unsure' as const);
  }

  async function settle(
    customerId: CustomerId,
    { unlinked }: Provable,
    idToken: string | undefined,
    turn: AbortSignal,
  ): Promise<CodeVerdict> {
    const subjects = unlinked ? [customerId, subjectOf(unlinked)] : [customerId];
    const prover = await proverOf(idToken, subjects, turn);
    if (prover === 'unsure') return prover;
    if (prover instanceof NotProven) return refuseUnproven(customerId, prover);
    if (unlinked && prover.subject !== customerId) await profiles.linkProved(customerId, unlinked, turn);
    return 'right';
  }

  /** A code that was accepted for someone else, or by someone else than Auth0, is an alarm, and costs an attempt. */
  function refuseUnproven(customerId: CustomerId, { message }: NotProven): CodeVerdict {
    log.error(
      { customerId, reason: message },
      'A code was accepted, but the id_token does not prove who entered it',
    );
    profiles.forget(customerId);
    return 'wrong';
  }

  return {
    async sendCode(customerId, signal) {
      const contact = await profiles.claim(customerId, signal);
      const sent = await start(contact, signal).catch((error: unknown) => {
        // Perhaps somebody removed the identity: the next order must not rely on what we know.
        profiles.forget(customerId);
        throw error;
      });
      const { channel, address } = contact;
      const delivery = { channel, maskedContact: channelRules[channel].mask(address) };
      return sent === 'unsure' ? { ...delivery, unsure: true } : delivery;
    },

    async checkCode(customerId, code, signal) {
      // The keys come first: the exchange spends the code, so that nothing which may fail should follow it.
      const [provable] = await Promise.all([
        profiles.provable(customerId, signal),
        calls.ask('signing keys', signal, () => idTokens.prepare()),
      ]);
      // A newer claim's code has killed this one.
      if (provable === 'overtaken') return 'expired';
      const answer = await exchange(provable.contact, code, signal);
      return typeof answer === 'string' ? answer : settle(customerId, provable, answer.idToken, signal);
    },

    async contacts(customerId, signal) {
      const { phone, phoneUnusable, email, contact } = await profiles.read(customerId, signal);
      return {
        ...(phone && { phone: maskPhone(phone) }),
        ...(phoneUnusable && { phoneUnusable }),
        ...(email && { email: maskMailbox(email) }),
        ...(typeof contact === 'object' && { codesGoTo: contact.channel }),
      };
    },

    async nameOf(customerId, signal) {
      return (await profiles.read(customerId, signal)).name;
    },

    async addressOf(customerId, signal) {
      return (await profiles.read(customerId, signal)).address;
    },

    setAddress: profiles.setAddress,

    async mailboxOf(customerId, signal) {
      const profile = await profiles.read(customerId, signal).catch((error: unknown) => {
        const isLasting =
          error instanceof Refusal && ['invalid_token', 'account_blocked'].includes(error.code);
        if (!isLasting) throw error;
      });
      return profile?.mailbox;
    },
  };
}
