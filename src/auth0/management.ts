import { type Management as Auth0, createManagementAuth } from 'auth0/management';
// Of the whole Management API (0.8 MB minified) POD bundles the users alone.
import { UsersClient } from 'auth0/users';
import type { CustomerId } from '../step-up/customer';
import type { Clock } from '../step-up/outside';
import type { Calls } from './calls';
import { type Contact, channelRules } from './contact';
import { callDeadlineMs } from './deadline';
import { type Failure, UnusableAnswer } from './failures';
import type { Tenant } from './tenant';

export type User = Auth0.GetUserResponseContent;
export type Identity = Pick<Auth0.UserIdentitySchema, 'connection' | 'user_id' | 'profileData'> & {
  provider?: string;
};

/** An identity as the link request wants it: its id goes without the `provider|` prefix. */
export interface LinkableIdentity {
  provider: Contact['channel'];
  user_id: Auth0.UserId;
}

/** The six calls POD makes to Auth0's Management API, with the scopes `read:users create:users update:users`. */
export interface Management {
  /** Undefined for a user who does not exist (any more). */
  getUser(customerId: CustomerId, signal: AbortSignal): Promise<User | undefined>;
  /** Creates the passwordless user of a contact; `'taken'` if there is one already. */
  createPasswordlessUser(
    contact: Contact,
    madeFor: CustomerId,
    signal: AbortSignal,
  ): Promise<LinkableIdentity | 'taken'>;
  /** Whoever has this contact as an identity, their own or a linked one. Auth0's index may lag behind by seconds. */
  findUsers(contact: Contact, signal: AbortSignal): Promise<User[]>;
  /** Marks an identity as made for this customer from now on; false if it is there no more. */
  markFor(customerId: CustomerId, identity: LinkableIdentity, signal: AbortSignal): Promise<boolean>;
  /** Puts the delivery address beside the customer's other metadata, or removes it; false if the account is there no more. */
  setAddress(customerId: CustomerId, address: object | undefined, signal: AbortSignal): Promise<boolean>;
  /** Whether the identity is the customer's now; false if Auth0 will not link it. */
  link(customerId: CustomerId, identity: LinkableIdentity, signal: AbortSignal): Promise<boolean>;
}

const profileFields =
  'user_id,name,blocked,email,email_verified,phone_number,phone_verified,user_metadata,app_metadata,identities,last_login';

/** The mark of a passwordless user that POD made: app_metadata, because no user can write it. */
const madeForKey = 'pod_customer_id';

/** For whom POD made this passwordless user; undefined for one that it did not make, or that has become more since. */
export function madeFor(user: User): CustomerId | undefined {
  const mark = user.app_metadata?.[madeForKey];
  return typeof mark === 'string' && user.identities?.length === 1 ? (mark as CustomerId) : undefined;
}

/** An identity's user as Auth0 names it, and as the id_token does. */
export function subjectOf({ provider, user_id }: LinkableIdentity): string {
  return `${provider}|${user_id}`;
}

/** A token that lacks a scope may have been given the moment before the scope was: it is fetched anew, but not each time. */
const renewForScopeMs = 60_000;

type ManagedTenant = Pick<Tenant, 'auth0Domain' | 'auth0TenantDomain' | 'clientId' | 'clientSecret'>;

/** Every answer is checked for its shape: the SDK gives what is not JSON as if it were an answer. */
export function createManagement(
  config: ManagedTenant,
  fetchIt: typeof fetch,
  { ask: call }: Calls,
  clock: Clock,
): Management {
  // One client for the life of the process: it keeps the management token.
  let users = connect(config, fetchIt);
  let renewedForScopeAt = Number.NEGATIVE_INFINITY;

  /** The SDK would go on using its token for a day, though it died before its time (a rotated key) or lacks a scope. */
  function renewToken({ status, error }: Failure): void {
    const lacksScope = error === 'insufficient_scope' && clock() - renewedForScopeAt >= renewForScopeMs;
    if (lacksScope) renewedForScopeAt = clock();
    if (lacksScope || status === 401) users = connect(config, fetchIt);
  }

  function ask<T>(
    name: string,
    signal: AbortSignal,
    start: (users: UsersClient, options: { abortSignal: AbortSignal }) => Promise<T>,
    expected?: (failure: Failure) => NoInfer<T> | undefined,
  ): Promise<T> {
    return call(
      name,
      signal,
      (abortSignal) => start(users, { abortSignal }),
      (failure) => {
        renewToken(failure);
        return expected?.(failure);
      },
    );
  }

  return {
    async getUser(customerId, signal) {
      const user = await ask<User | 'unknown'>(
        'get user',
        signal,
        async (users, options) => {
          const fields = { fields: profileFields, include_fields: true };
          const user = await users.get(customerId, fields, options);
          if (user?.user_id !== customerId) throw new UnusableAnswer();
          return user;
        },
        // By its code, because a proxy, too, says 404.
        ({ error }) => (error === 'inexistent_user' ? 'unknown' : undefined),
      );
      return user === 'unknown' ? undefined : user;
    },

    createPasswordlessUser({ channel, address }, customerId, signal) {
      const contact = channelRules[channel].unverifiedUser(address);
      const user = { connection: channel, ...contact, app_metadata: { [madeForKey]: customerId } };
      return ask<LinkableIdentity | 'taken'>(
        'create user',
        signal,
        async (users, options) => {
          const id = (await users.create(user, options))?.identities?.[0]?.user_id;
          if (id === undefined) throw new UnusableAnswer();
          return { provider: channel, user_id: id };
        },
        ({ status }) => (status === 409 ? 'taken' : undefined),
      );
    },

    findUsers({ channel, address }, signal) {
      const { attribute } = channelRules[channel];
      const phrase = address.replace(/["\\]/g, '\\$&');
      const own = `${attribute}:"${phrase}"`;
      // Of a linked identity Auth0 keeps the attributes apart.
      const q = `identities.connection:"${channel}" AND (${own} OR identities.profileData.${own})`;
      return ask('find users', signal, async (users, options) => {
        const query = { q, search_engine: 'v3', fields: profileFields, include_fields: true } as const;
        const found = (await users.list(query, options)).response?.users;
        if (!Array.isArray(found)) throw new UnusableAnswer();
        return found;
      });
    },

    markFor(customerId, identity, signal) {
      return ask<boolean>(
        'mark user',
        signal,
        async (users, options) => {
          const id = subjectOf(identity);
          const user = await users.update(id, { app_metadata: { [madeForKey]: customerId } }, options);
          if (user?.user_id !== id) throw new UnusableAnswer();
          return true;
        },
        ({ status }) => (status === 404 ? false : undefined),
      );
    },

    setAddress(customerId, address, signal) {
      return ask<boolean>(
        'set address',
        signal,
        async (users, options) => {
          // Merged at the first level; null removes.
          const changes = { user_metadata: { address: address ?? null } };
          const user = await users.update(customerId, changes, options);
          if (user?.user_id !== customerId) throw new UnusableAnswer();
          return true;
        },
        ({ error }) => (error === 'inexistent_user' ? false : undefined),
      );
    },

    link(customerId, identity, signal) {
      return ask<boolean>(
        'link identity',
        signal,
        async (users, options) => {
          const identities = await users.identities.link(customerId, identity, options);
          const isThere =
            Array.isArray(identities) && identities.some(({ user_id }) => user_id === identity.user_id);
          if (!isThere) throw new UnusableAnswer();
          return true;
        },
        ({ status }) => (status === 400 || status === 404 || status === 409 ? false : undefined),
      );
    },
  };
}

function connect(
  { auth0Domain, auth0TenantDomain = auth0Domain, clientId, clientSecret }: ManagedTenant,
  fetchIt: typeof fetch,
): UsersClient {
  const auth = createManagementAuth({
    // Its audience is never a custom domain: https://auth0.com/docs/customize/custom-domains/configure-features-to-use-custom-domains
    domain: auth0TenantDomain,
    clientId,
    clientSecret,
    fetch: fetchIt,
    // By default it waits up to a minute and asks twice again, even what must not be asked twice.
    maxRetries: 0,
    // Above our own deadline, which also covers the body and the token request.
    timeoutInSeconds: (callDeadlineMs + 500) / 1000,
  });
  return new UsersClient({ ...auth.clientOptions, fetch: fetchIt });
}
