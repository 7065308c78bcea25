import { type Request, Router } from 'express';
import { exactPaths } from '../http/exact-paths';
import { HttpFault } from '../http/http-fault';
import { within } from '../http/time-limit';
import type { Pizza } from '../orders/pizza-order';
import type { CustomerId } from '../step-up/customer';
import type { StepUpServices } from '../step-up/outside';
import { Refusal, type RefusalCode } from '../step-up/refusal';
import { unlock } from '../step-up/unlock';
import type { MaskedContacts, Profile } from './page-data';
import type { Session } from './session';

export interface ProfileServices extends Pick<StepUpServices<Pizza>, 'store' | 'clock' | 'log'> {
  passwordless: ContactBook;
}

interface ContactBook {
  /**
   * Throws `Refusal('upstream_unavailable')` when Auth0 is slow, limited or down, or `signal` aborts, and
   * `upstream_misconfigured`, `account_blocked` or `invalid_token`.
   */
  contacts(customerId: CustomerId, signal: AbortSignal): Promise<MaskedContacts>;
}

const contactsLimitMs = 4_000;
const freshForMs = 5 * 60_000;

/** What is known of the one who is signed in, and the way out of a lock. */
export function profileRouter(services: ProfileServices, sessionOf: (request: Request) => Session): Router {
  const router = Router(exactPaths);
  router.get('/profile', async (request, response) => {
    const session = sessionOf(request);
    const contacts = await readContacts(services, session);
    const profile: Profile = { contacts, locked: session.locked, freshSignIn: isFresh(services, session) };
    response.json(profile);
  });
  router.post('/unlock', async (request, response) => {
    const session = sessionOf(request);
    if (!isFresh(services, session)) {
      throw new HttpFault(401, 'insufficient_user_authentication', 'Sign in again first.');
    }
    await unlock(services, session.customerId);
    services.log.info({ customerId: session.customerId }, 'ordering was unlocked');
    response.json({ locked: false });
  });
  return router;
}

const away: ReadonlySet<RefusalCode> = new Set(['upstream_unavailable', 'upstream_misconfigured'] as const);

/** The rest of the profile is worth showing while Auth0 is away. */
async function readContacts(
  { passwordless }: ProfileServices,
  { customerId }: Session,
): Promise<MaskedContacts | undefined> {
  try {
    return await within(contactsLimitMs, (signal) => passwordless.contacts(customerId, signal));
  } catch (error) {
    if (error instanceof Refusal && away.has(error.code)) return undefined;
    throw error;
  }
}

/** Whether the person proved to be there within the last minutes, not just that a session exists (ASVS 7.5.3). */
function isFresh({ clock }: ProfileServices, { authTime }: Session): boolean {
  return authTime !== undefined && Math.abs(clock() - authTime * 1000) < freshForMs;
}
