import { AuthClient } from '@auth0/auth0-auth-js';
import type { Config } from '../config';
import type { CustomerId } from '../orders/order';
import type { Clock, CodeVerdict, Log, Passwordless } from '../services';
import { createCall } from './call';
import type { Contact } from './contact';
import { callDeadlineMs, withDeadline } from './deadline';
import { verdictOf } from './failures';
import { createIdTokenVerifier, NotProven } from './id-tokens';
import { createManagement } from './management';
import { maskMailbox, maskPhone } from './mask-contact';
import { contactOf, createProfiles } from './profiles';

interface Outside {
  config: Pick<Config, 'auth0Domain' | 'issuer' | 'clientId' | 'clientSecret'>;
  clock: Clock;
  log: Log;
  /** How the tenant is reached; the platform's own fetch if absent. */
  fetch?: typeof fetch;
}

/**
 * One-time codes by Auth0 passwordless. Make it once a process: it keeps the management token, the tenant's metadata
 * and keys, and the customers' contacts for a minute. No call is retried, and each ends after 2.5 s.
 */
export function createPasswordless({ config, clock, log, fetch: fetchIt = fetch }: Outside): Passwordless {
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
    await call('passwordless start', turn, (signal) =>
      channel === 'sms'
        ? auth.passwordless.sendSms({ phoneNumber: address }, { signal })
        : auth.passwordless.sendEmail({ email: address, send: 'code' }, { signal }),
    );
  }

  /** The id_token, or what is wrong with the code. */
  async function exchange({ channel, address }: Contact, code: string, turn: AbortSignal) {
    const request = { code, scope: 'openid' };
    return call<{ idToken?: string } | CodeVerdict>(
      'code exchange',
      turn,
      (signal) =>
        channel === 'sms'
          ? auth.getTokenByPasswordlessSms({ phoneNumber: address, ...request }, { signal })
          : auth.getTokenByPasswordlessEmail({ email: address, ...request }, { signal }),
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
      return { channel: contact.channel, maskedContact: mask(contact) };
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

function mask({ channel, address }: Contact): string {
  return channel === 'sms' ? maskPhone(address) : maskMailbox(address);
}
