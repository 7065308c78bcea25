import express, { Router } from 'express';
import type { Provider } from 'oidc-provider';
import type { Clock } from '../../src/step-up/outside';
import { clientId } from './application';
import { signInPage } from './sign-in-page';
import type { Users } from './users';

export interface SignInParts {
  provider: Provider;
  users: Users;
  clock: Clock;
}

/**
 * The login page, and Auth0's old log-out address. oidc-provider ties the page to a cookie of this one sign-in (path
 * and SameSite), so that a form on another site cannot sign anybody in.
 */
export function signInRouter({ provider, users, clock }: SignInParts): Router {
  const throttle = createThrottle(clock);

  return Router()
    .get('/u/login/:uid', async (req, res) => {
      const { params } = await provider.interactionDetails(req, res);
      res.send(signInPage({ login: params.login_hint as string | undefined }));
    })
    .post('/u/login/:uid', express.urlencoded({ extended: false }), async (req, res) => {
      await provider.interactionDetails(req, res);
      const login = String(req.body?.username ?? '');
      if (throttle.isClosed(login)) {
        res
          .status(429)
          .send(signInPage({ login, fault: 'Too many wrong passwords. Try again in a minute.' }));
        return;
      }
      const user = users.signIn(login, String(req.body?.password ?? ''));
      if (!user) {
        throttle.countFailure(login);
        res.status(400).send(signInPage({ login, fault: 'Wrong e-mail address, user name or password.' }));
        return;
      }
      await provider.interactionFinished(req, res, { login: { accountId: user.user_id, amr: ['pwd'] } });
    })
    .get('/v2/logout', (req, res) => {
      const query = new URLSearchParams({ client_id: String(req.query.client_id ?? clientId) });
      if (req.query.returnTo) query.set('post_logout_redirect_uri', String(req.query.returnTo));
      res.redirect(`/oidc/logout?${query}`);
    });
}

const failuresPerMinute = 10;

/** Ten wrong passwords for one name close it until a minute after the first of them. */
function createThrottle(clock: Clock) {
  const failures = new Map<string, { count: number; until: number }>();
  const keyOf = (login: string) => login.trim().toLowerCase().slice(0, 200);

  return {
    isClosed(login: string): boolean {
      const found = failures.get(keyOf(login));
      return found !== undefined && found.count >= failuresPerMinute && clock() < found.until;
    },
    countFailure(login: string): void {
      const now = clock();
      for (const [key, { until }] of failures) if (now >= until) failures.delete(key);
      const { count, until } = failures.get(keyOf(login)) ?? { count: 0, until: now + 60_000 };
      failures.set(keyOf(login), { count: count + 1, until });
    },
  };
}
