import type { Request } from 'express';
import { within } from '../http/time-limit';
import type { CustomerId } from '../step-up/customer';
import type { ActionStore } from '../step-up/ledger';
import type { Clock, Log } from '../step-up/outside';
import type { OpenIdServices } from './open-id-clients';
import { begunAtOf } from './session-cookie';

export interface SignOutServices extends OpenIdServices {
  store: Pick<ActionStore<unknown>, 'transact' | 'read'>;
  clock: Clock;
  log: Log;
}

const revokeLimitMs = 2_500;

/**
 * Ends every session of the one who is signed in: those that began before now are refused by every instance, and the tenant
 * takes the refresh token no more. It need not answer for that.
 * @throws Refusal `store_unavailable`: only this browser's session ends then
 */
export async function endSessions(services: SignOutServices, request: Request): Promise<void> {
  const customerId = request.oidc.idTokenClaims?.sub as CustomerId | undefined;
  if (!customerId) return;
  // By whichever instance's clock this session began, it has ended.
  const endedAt = Math.max(services.clock(), begunAtOf(request));
  await Promise.all([
    services.store.transact(customerId, ({ customer }) => {
      const { signedOutAt = 0 } = customer;
      // A copy of a session that has ended already ends no other one.
      if (begunAtOf(request) <= signedOutAt) return { result: undefined };
      return { customer: { ...customer, signedOutAt: endedAt }, result: undefined };
    }),
    revokeRefreshToken(services, request.oidc.refreshToken),
  ]);
  services.log.info({ customerId }, 'signed out');
}

/** When a session begins that is made now: after the last sign-out, also where this instance's clock is behind. */
export async function beginSession(
  { store, clock }: SignOutServices,
  customerId: CustomerId,
): Promise<{ begunAt: number }> {
  const { customer } = await store.read(customerId);
  return { begunAt: Math.max(clock(), (customer.signedOutAt ?? 0) + 1) };
}

/** RFC 7009. Who holds a copy of the session could else make a new one of it. */
async function revokeRefreshToken(
  { config, auth0Fetch = fetch, log }: SignOutServices,
  token: string | undefined,
): Promise<void> {
  if (!token) return;
  const body = new URLSearchParams({
    token,
    token_type_hint: 'refresh_token',
    client_id: config.clientId,
    client_secret: config.clientSecret,
  });
  try {
    const { status } = await within(revokeLimitMs, (signal) =>
      auth0Fetch(`${config.issuer}oauth/revoke`, { method: 'POST', body, signal }),
    );
    if (status !== 200) log.warn({ status }, 'a refresh token was not revoked');
  } catch (error) {
    const { name, code } = error as Error & { code?: string };
    log.warn({ reason: code ?? name }, 'a refresh token was not revoked');
  }
}
