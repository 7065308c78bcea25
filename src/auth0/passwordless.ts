import { AuthClient } from '@auth0/auth0-auth-js';
import type { Channel } from '../step-up/action';
import type { Code } from '../step-up/code';
import type { CustomerId } from '../step-up/customer';
import type { Clock, CodeVerdict, Log, Passwordless } from '../step-up/outside';
import { createCall } from './call';
import { type Contact, channelRules } from './contact';
import { callDeadlineMs, withDeadline } from './deadline';
import { verdictOf } from './failures';
import { createIdTokenVerifier, NotProven } from './id-tokens';
import { createManagement } from './management';
import { maskMailbox, maskPhone } from './mask-contact';
import { contactOf, createProfiles } from './profiles';
import type { Tenant } from './tenant';

/** What a channel's own calls of the SDK are. */
interface ChannelCalls {
  start(auth: AuthClient, address: string, options: { signal: AbortSignal }): Promise<unknown>;
  exchange(
    auth: AuthClient,
    address: string,
    request: { code: Code; scope: string },
    options: { signal: AbortSignal },
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

/** What a customer may be shown of where codes go. */
interface Contacts {
  /** Masked. `codesGoTo` is absent for a customer without phone and mailbox. */
  contacts(
    customerId: CustomerId,
    signal: AbortSignal,
  ): Promise<{ email?: string; phone?: string; codesGoTo?: Channel }>;
}

interface Outside {
  config: Pick<Tenant, 'auth0Domain' | 'issuer' | 'clientId' | 'clientSecret'>;
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
}: Outside): Passwordless & Contacts {
  const fetchInTime = withDeadline(fetchIt, callDeadlineMs);
  const call = createCall({ clock, log });
  const profiles = createProfiles(createManagement(config, fetchInTime, call), clock);
  const idTokens = createIdTokenVerifier(config, clock, fetchInTime);
  const auth = new AuthClient({
    domain: config.auth0Domain,
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    customFetch: fetchInTime,
    // The client keeps the metadata itself; by default it also shares them with every other client of the process.
    discoveryCache: { ttl: 0 },
  });

  async function start({ channel, address }: Contact, turn: AbortSignal): Promise<void> {
    await call('passwordless start', turn, (signal) => callsOf[channel].start(auth, address, { signal }));
  }

  /** The id_token, or what is wrong with the code. */
  async function exchange({ channel, address }: Contact, code: Code, turn: AbortSignal) {
    return call<{ idToken?: string } | CodeVerdict>(
      'code exchange',
      turn,
      (signal) => callsOf[channel].exchange(auth, address, { code, scope: 'openid' }, { signal }),
      verdictOf,
    );
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
      const contact = await profiles.provision(customerId, signal);
      try {
        await start(contact, signal);
      } catch (error) {
        // Perhaps somebody removed the identity: the next order must not rely on what we know.
        profiles.forget(customerId);
        throw error;
      }
      return { channel: contact.channel, maskedContact: channelRules[contact.channel].mask(contact.address) };
    },

    async checkCode(customerId, code, signal) {
      // The keys come first: the exchange spends the code, so that nothing which may fail should follow it.
      const [profile] = await Promise.all([
        profiles.read(customerId, signal),
        call('signing keys', signal, () => idTokens.prepare()),
      ]);
      const answer = await exchange(contactOf(profile), code, signal);
      if (typeof answer === 'string') return answer;
      return call<CodeVerdict>('id_token check', signal, async () => {
        try {
          await idTokens.verify(answer.idToken, customerId);
          return 'right';
        } catch (error) {
          if (error instanceof NotProven) return refuseUnproven(customerId, error);
          throw error;
        }
      });
    },

    async contacts(customerId, signal) {
      const { phone, email, contact } = await profiles.read(customerId, signal);
      return {
        ...(phone && { phone: maskPhone(phone) }),
        ...(email && { email: maskMailbox(email) }),
        ...(contact && { codesGoTo: contact.channel }),
      };
    },
  };
}
