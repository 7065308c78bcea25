import { randomUUID } from 'node:crypto';
import { type Request, Router } from 'express';
import type { Tenant } from '../tenant/create-tenant';
import { type AlexaAccount, authorizationUrl } from './alexa-account';
import { BadCall } from './bad-call';
import type { Household } from './household';
import { LinkRefused } from './sign-in';

interface LinkingParts {
  account: AlexaAccount;
  household: Household;
  tenant: Pick<Tenant, 'url' | 'settings' | 'users' | 'allowRedirects'>;
}

const cookieName = 'echo_linking';
const callbackPath = '/linking/callback';

/**
 * Account linking with a browser, as the Alexa app does it: the tenant's own page asks who it is. The state is bound to
 * the browser by a cookie (RFC 6749 §10.12).
 */
export function linkingRouter({ account, household, tenant }: LinkingParts): Router {
  const router = Router();

  router.post('/', (req, res) => {
    const redirectUri = `http://${req.headers.host}${callbackPath}`;
    tenant.allowRedirects({ redirectUris: [redirectUri] });
    const state = randomUUID();
    const url = authorizationUrl(tenant, redirectUri, state);
    // Whoever links an account is asked who they are, also where somebody has signed in before.
    url.searchParams.set('prompt', 'login');
    res.cookie(cookieName, state, { httpOnly: true, sameSite: 'lax', path: '/linking', maxAge: 600_000 });
    res.redirect(303, url.href);
  });

  router.get('/callback', async (req, res) => {
    const redirectUri = `http://${req.headers.host}${callbackPath}`;
    const state = stateOf(req);
    res.clearCookie(cookieName, { path: '/linking' });
    if (!state)
      throw new BadCall(400, 'This sign-in was not begun here. Go back to the Echo and link again.');
    try {
      await account.linkSignedIn(new URLSearchParams(req.url.replace(/^[^?]*/, '')), { redirectUri, state });
      household.endSessions();
      res.redirect(303, '/#linked');
    } catch (error) {
      if (!(error instanceof LinkRefused)) throw error;
      res.redirect(303, '/#not-linked');
    }
  });
  return router;
}

function stateOf({ headers: { cookie = '' } }: Request): string | undefined {
  return new RegExp(`(?:^|; )${cookieName}=([0-9a-f-]+)(?:;|$)`).exec(cookie)?.[1];
}
