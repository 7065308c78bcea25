import express, { Router } from 'express';
import type { Provider } from 'oidc-provider';
import type { Clock } from '../../src/step-up/outside';
import type { User } from './account';
import { clientId } from './application';
import type { Passkeys } from './passkeys';
import { createPasskeyPage, signInPage } from './sign-in-page';
import type { Users } from './users';

export interface SignInParts {
  provider: Provider;
  users: Users;
  passkeys: Passkeys;
  clock: Clock;
}

/**
 * The login page, and Auth0's old log-out address. oidc-provider ties the page to a cookie of this one sign-in (path
 * and SameSite), so that a form on another site cannot sign anybody in.
 */
export function signInRouter({ provider, users, passkeys, clock }: SignInParts): Router {
  const throttle = createThrottle(clock);
  const pageFor = async (signIn: string, login?: string, fault?: string) =>
    signInPage({ passkey: await passkeys.askFor(signIn), login, fault });

  return Router()
    .get('/u/login/:uid', async (req, res) => {
      const { uid, params } = await provider.interactionDetails(req, res);
      res.send(await pageFor(uid, params.login_hint as string | undefined));
    })
    .post('/u/login/:uid', express.urlencoded({ extended: false }), async (req, res) => {
      const { uid } = await provider.interactionDetails(req, res);
      const finish = ({ user_id: accountId }: User, amr: string[]) =>
        provider.interactionFinished(req, res, { login: { accountId, amr } });
      if (req.body?.passkey) {
        const origin = `${req.protocol}://${req.headers.host}`;
        const proved = await passkeys.answer(uid, String(req.body.passkey), origin);
        if (proved) return finish(proved.user, proved.amr);
        const fault = 'This passkey is not known here. Sign in by your password.';
        return void res.status(400).send(await pageFor(uid, undefined, fault));
      }
      const login = String(req.body?.username ?? '');
      if (throttle.isClosed(login)) {
        const fault = 'Too many wrong passwords. Try again in a minute.';
        return void res.status(429).send(await pageFor(uid, login, fault));
      }
      const user = users.signIn(login, String(req.body?.password ?? ''));
      if (!user) {
        throttle.countFailure(login);
        const fault = 'Wrong e-mail address, user name or password.';
        return void res.status(400).send(await pageFor(uid, login, fault));
      }
      if (req.body.then !== 'passkey') return finish(user, ['pwd']);
      res.send(createPasskeyPage(await passkeys.askToCreate(uid, user)));
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
