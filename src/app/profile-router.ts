import { type Request, Router } from 'express';
import { exactPaths } from '../http/exact-paths';
import { jsonBody } from '../http/json-body';
import { turnLimitMs, within } from '../http/time-limit';
import { type Address, faultyLine, parseAddress } from '../orders/address';
import type { OrderTerms } from '../orders/pizza-order';
import type { CustomerId } from '../step-up/customer';
import { isSignedInSince } from '../step-up/evidence';
import { isFields } from '../step-up/json-shape';
import type { StepUpServices } from '../step-up/outside';
import { Refusal, type RefusalCode } from '../step-up/refusal';
import { unlock } from '../step-up/unlock';
import type { MaskedContacts, Profile } from './page-data';
import type { Session } from './session';

export interface ProfileServices extends Pick<StepUpServices<OrderTerms>, 'store' | 'clock' | 'log'> {
  passwordless: CustomerProfiles;
}

/**
 * Each method throws `Refusal('upstream_unavailable')` when Auth0 is slow, limited or down, or `signal` aborts, and
 * `upstream_misconfigured`, `account_blocked` or `invalid_token`.
 */
interface CustomerProfiles {
  contacts(customerId: CustomerId, signal: AbortSignal): Promise<MaskedContacts>;
  /** The delivery address as the profile holds it: customers may have written anything there. */
  addressOf(customerId: CustomerId, signal: AbortSignal): Promise<unknown>;
  /** Replaces the delivery address, or removes it. What throws `upstream_unavailable` may have been done. */
  setAddress(customerId: CustomerId, address: Address | undefined, signal: AbortSignal): Promise<void>;
}

const readLimitMs = 4_000;
const freshForMs = 5 * 60_000;

/** What is known of the one who is signed in, where their orders go, and the way out of a lock. */
export function profileRouter(services: ProfileServices, sessionOf: (request: Request) => Session): Router {
  /** The session of somebody who proved to be there within the last minutes (ASVS 7.5.1). */
  function freshSessionOf(request: Request): Session {
    const session = sessionOf(request);
    if (isFresh(services, session)) return session;
    throw new Refusal('insufficient_user_authentication', 'Sign in again first.');
  }

  async function setAddress({ customerId }: Session, address: Address | undefined): Promise<void> {
    await within(turnLimitMs, (signal) => services.passwordless.setAddress(customerId, address, signal));
    services.log.info({ customerId }, `the delivery address was ${address ? 'changed' : 'removed'}`);
  }

  const router = Router(exactPaths);
  router.get('/profile', async (request, response) => {
    const session = sessionOf(request);
    const { customerId, locked, disownedAt } = session;
    const kept = await readKept(services, session);
    const freshSignIn = isFresh(services, session) && isSignedInSince(session.signIn, disownedAt ?? 0);
    const profile: Profile = {
      ...kept,
      customerId,
      locked,
      ...(disownedAt !== undefined && { disowned: true }),
      freshSignIn,
    };
    response.json(profile);
  });
  router
    .route('/profile/address')
    .put(jsonBody, async (request, response) => {
      const session = freshSessionOf(request);
      const address = addressIn(request.body);
      await setAddress(session, address);
      response.json({ address });
    })
    .delete(async (request, response) => {
      await setAddress(freshSessionOf(request), undefined);
      response.json({});
    });
  router.post('/unlock', async (request, response) => {
    const { customerId, signIn } = freshSessionOf(request);
    await unlock(services, customerId, signIn);
    services.log.info({ customerId }, 'ordering was unlocked');
    response.json({ locked: false });
  });
  return router;
}

function addressIn(body: unknown): Address {
  const address = parseAddress(body);
  if (address) return address;
  if (!isFields(body)) throw new Refusal('invalid_request', 'The body must be a JSON object.');
  throw new Refusal(
    'invalid_request',
    `${faultyLine(body)} must be one line of 1 to 100 visible characters.`,
  );
}

const away: ReadonlySet<RefusalCode> = new Set(['upstream_unavailable', 'upstream_misconfigured'] as const);

/** What Auth0 keeps. The rest of the profile is worth showing while it is away. */
async function readKept(
  { passwordless }: ProfileServices,
  { customerId }: Session,
): Promise<Pick<Profile, 'contacts' | 'address'>> {
  try {
    return await within(readLimitMs, async (signal) => ({
      contacts: await passwordless.contacts(customerId, signal),
      address: parseAddress(await passwordless.addressOf(customerId, signal)),
    }));
  } catch (error) {
    if (error instanceof Refusal && away.has(error.code)) return {};
    throw error;
  }
}

/** Whether the person proved to be there within the last minutes, not just that a session exists (ASVS 7.5.3). */
function isFresh({ clock }: ProfileServices, { signIn }: Session): boolean {
  return signIn !== undefined && Math.abs(clock() - signIn.authTime) < freshForMs;
}
