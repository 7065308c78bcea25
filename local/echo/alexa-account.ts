import { randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { Clock, Log } from '../../src/step-up/outside';
import type { Tenant } from '../tenant/create-tenant';
import { openStateFile } from '../tenant/state-file';
import { type Credentials, LinkRefused, signIn } from './sign-in';

/** Where Alexa has people sent back to when they have signed in: one of Amazon's own addresses, never requested here. */
export const linkRedirectUri = 'https://pitangui.amazon.com/api/skill/link/PODLOCAL';

/** The account linking of the skill: what is entered in Amazon's console of the tenant, and of POD's application there. */
export type AccountLinking = Pick<Tenant, 'url' | 'settings'> & { users: Pick<Tenant['users'], 'find'> };

interface Link {
  email: string;
  accessToken: string;
  refreshToken?: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

interface AlexaState {
  deviceId: string;
  userId: string;
  link?: Link;
}

/** The Amazon account behind the Echo, with the customer it is linked to, if it is. */
export type AlexaAccount = Awaited<ReturnType<typeof openAlexaAccount>>;

/** Opens the account kept in `dataDir`, or makes one. The file holds tokens and is its owner's alone. */
export async function openAlexaAccount(
  linking: AccountLinking,
  { dataDir, clock, log }: { dataDir: string; clock: Clock; log: Log },
) {
  const file = await openStateFile<AlexaState>(dataDir, 'echo.json', () => ({
    deviceId: `amzn1.ask.device.${randomUUID()}`,
    userId: newUserId(),
  }));
  const state = file.value;
  let refreshing: Promise<void> | undefined;

  async function relink(link: Link | undefined): Promise<void> {
    state.link = link;
    await file.save();
  }

  async function refresh(link: Link): Promise<void> {
    try {
      const fresh = await requestTokens(linking, clock, {
        grant_type: 'refresh_token',
        refresh_token: link.refreshToken ?? '',
      });
      if (state.link === link) await relink({ ...link, ...fresh });
    } catch (error) {
      log.warn({ err: error }, 'the Echo could not refresh its access token');
      if (error instanceof LinkRefused && state.link === link) await relink(undefined);
    }
  }

  return {
    /** Links the customer with these credentials, by the authorization code flow (RFC 6749 §4.1). @throws LinkRefused */
    async link(credentials: Credentials): Promise<void> {
      const tokens = await authorize(linking, clock, credentials);
      state.userId = newUserId();
      await relink({ email: credentials.email, ...tokens });
    },
    /** Links whoever has just signed in with a browser of their own; `answer` is what it was sent back with. @throws LinkRefused */
    async linkSignedIn(answer: URLSearchParams, asked: SignInAsked): Promise<void> {
      const tokens = await redeemAnswer(linking, clock, answer, asked);
      const user = linking.users.find(subjectOf(tokens.accessToken));
      state.userId = newUserId();
      await relink({ email: user?.email ?? user?.username ?? subjectOf(tokens.accessToken), ...tokens });
    },
    /** The user of the tenant whose account is linked. */
    linkedUser: () => (state.link ? linking.users.find(subjectOf(state.link.accessToken)) : undefined),
    unlink: () => relink(undefined),
    linkedAs: () => state.link?.email,
    device: () => ({ deviceId: state.deviceId, userId: state.userId }),
    /**
     * The access token that Alexa sends, refreshed when it has expired; undefined when nothing is linked. A refused
     * refresh ends the link. When the tenant is away, the expired token is sent: the app has the last word.
     */
    async accessToken(): Promise<string | undefined> {
      const { link } = state;
      if (link && link.expiresAt <= clock()) {
        refreshing ??= refresh(link).finally(() => {
          refreshing = undefined;
        });
        await refreshing;
      }
      return state.link?.accessToken;
    },
  };
}

function subjectOf(accessToken: string): string {
  return decodeJwt(accessToken).sub ?? '';
}

function newUserId(): string {
  return `amzn1.ask.account.${randomBytes(30).toString('hex').toUpperCase()}`;
}

/** Signs in with these credentials, as a person does, and gives the tokens that Alexa keeps. @throws LinkRefused */
export async function authorize(linking: AccountLinking, clock: Clock, credentials: Credentials) {
  const state = randomUUID();
  const url = authorizationUrl(linking, linkRedirectUri, state);
  const { searchParams: answer } = await signIn(url, linkRedirectUri, credentials);
  return redeemAnswer(linking, clock, answer, { redirectUri: linkRedirectUri, state });
}

/** Where the Alexa app opens a browser for the sign-in (RFC 6749 §4.1.1). */
export function authorizationUrl(linking: AccountLinking, redirectUri: string, state: string): URL {
  const url = new URL('/authorize', linking.url);
  url.search = new URLSearchParams({
    // Without it the access token would be no token of the API.
    audience: linking.settings.API_ID,
    client_id: linking.settings.APP_CLIENT_ID,
    response_type: 'code',
    scope: 'openid offline_access',
    redirect_uri: redirectUri,
    state,
  }).toString();
  return url;
}

interface SignInAsked {
  redirectUri: string;
  state: string;
}

/** @throws LinkRefused for the answer to another sign-in, and for the tenant's refusal */
function redeemAnswer(
  linking: AccountLinking,
  clock: Clock,
  answer: URLSearchParams,
  { redirectUri, state }: SignInAsked,
) {
  if (answer.get('state') !== state) throw new LinkRefused('The tenant answered another sign-in.');
  const code = answer.get('code');
  if (!code)
    throw new LinkRefused(`The tenant refused: ${answer.get('error_description') ?? answer.get('error')}.`);
  return requestTokens(linking, clock, { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
}

interface TokenResponse {
  access_token: string;
  refresh_token?: string;
  expires_in: number;
  error_description?: string;
}

/** The token endpoint, with HTTP Basic as Alexa does it (RFC 6749 §2.3.1). @throws LinkRefused for a 4xx */
async function requestTokens(linking: AccountLinking, clock: Clock, parameters: Record<string, string>) {
  const { APP_CLIENT_ID: clientId, APP_CLIENT_SECRET: clientSecret } = linking.settings;
  const basic = Buffer.from([clientId, clientSecret].map(encodeURIComponent).join(':')).toString('base64');
  const response = await fetch(new URL('/oauth/token', linking.url), {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ ...parameters, client_id: clientId }),
    signal: AbortSignal.timeout(5_000),
  });
  if (response.status >= 500 || response.status === 429) {
    throw new Error(`The tenant's token endpoint answered HTTP ${response.status}.`);
  }
  const tokens = (await response.json()) as TokenResponse;
  if (!response.ok) throw new LinkRefused(`The tenant gave no tokens: ${tokens.error_description}.`);
  return {
    accessToken: tokens.access_token,
    expiresAt: clock() + tokens.expires_in * 1000,
    ...(tokens.refresh_token && { refreshToken: tokens.refresh_token }),
  };
}
