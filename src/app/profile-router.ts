import { Router } from 'express';
import { Refusal } from '../errors';
import { isLocked } from '../orders/customer';
import { unlockVoiceOrdering } from '../orders/unlock-voice-ordering';
import type { MaskedContacts, Services } from '../services';
import type { Me, Profile } from './page-data';
import { sendProblem } from './problem';
import { findSession, requireSession, type Session, sessionOf } from './session';

type ProfileServices = Pick<Services, 'config' | 'store' | 'passwordless' | 'accessTokens' | 'clock' | 'log'>;

const contactsMs = 4_000;
const freshForMs = 5 * 60_000;

/** Who is signed in, what is known of them, and the way out of a lock. */
export function profileRouter(services: ProfileServices): Router {
  const router = Router();
  // Being signed out is an answer, not an error: the page asks this before it knows.
  router.get('/me', async (request, response) => {
    const session = await findSession(services, request);
    const live = services.config.pusher !== undefined;
    const me: Me | null = session ? { name: session.name, staff: session.staff, live } : null;
    response.json(me);
  });
  router.use(['/profile', '/unlock'], requireSession(services));
  router.get('/profile', async (_request, response) => {
    const session = sessionOf(response);
    const [{ customer }, contacts] = await Promise.all([
      services.store.read(session.customerId),
      readContacts(services, session),
    ]);
    const freshSignIn = isFresh(services, session);
    const profile: Profile = { contacts, locked: isLocked(customer), freshSignIn };
    response.json(profile);
  });
  router.post('/unlock', async (_request, response) => {
    const session = sessionOf(response);
    if (!isFresh(services, session)) {
      return sendProblem(response, 'insufficient_user_authentication', 'Sign in again first.');
    }
    await unlockVoiceOrdering(services, session.customerId);
    services.log.info({ customerId: session.customerId }, 'voice ordering was unlocked');
    response.json({ locked: false });
  });
  return router;
}

/** The rest of the profile is worth showing while Auth0 is away. */
async function readContacts(
  { passwordless }: ProfileServices,
  { customerId }: Session,
): Promise<MaskedContacts | undefined> {
  try {
    return await passwordless.contacts(customerId, AbortSignal.timeout(contactsMs));
  } catch (error) {
    if (error instanceof Refusal && error.code === 'upstream_unavailable') return undefined;
    throw error;
  }
}

/** Whether the person proved to be there within the last minutes, not just that a session exists (ASVS 7.5.3). */
function isFresh({ clock }: ProfileServices, { authTime }: Session): boolean {
  return authTime !== undefined && Math.abs(clock() - authTime * 1000) < freshForMs;
}
