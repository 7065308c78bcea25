import type { Channel } from '../../src/step-up/action';
import type { Clock } from '../../src/step-up/outside';
import {
  type Account,
  databaseAccount,
  type Identity,
  passwordlessAccount,
  passwordlessIdentities,
  profileOf,
  type User,
} from './account';
import { connections } from './connections';
import { hashPassword, isPassword } from './password';
import { addedCustomerPassword, type NewUser, seededUsers } from './seeded-users';
import type { StateFile } from './state-file';

export type UserChanges = {
  phoneNumber?: string | null;
  email?: string | null;
  permissions?: readonly string[];
  blocked?: boolean;
};

/** The tenant's user directory. Everything that changes it resolves when the change is on disk. */
export type Users = ReturnType<typeof createUsers>;

/** The directory's first content: the seeded users. */
export function seedAccounts(clock: Clock): { accounts: Account[] } {
  const users: NewUser[] = Object.values(seededUsers);
  return { accounts: users.map((user) => databaseAccount(user, hashPassword(user.password), clock())) };
}

export function createUsers(file: StateFile<{ accounts: Account[] }>, clock: Clock) {
  const accounts = new Map(file.value.accounts.map((account) => [account.user.user_id, account]));
  const owners = new Map<string, string>();
  for (const { user } of accounts.values()) indexContacts(user);

  function indexContacts(user: User): void {
    for (const { connection, address } of passwordlessIdentities(user)) {
      owners.set(`${connection}:${address}`, user.user_id);
    }
  }

  function need(userId: string): Account {
    const account = accounts.get(userId);
    if (!account) throw new Error(`There is no user ${userId}.`);
    return account;
  }

  function insert(account: Account): void {
    accounts.set(account.user.user_id, account);
    indexContacts(account.user);
  }

  /** The user who has this number or mailbox as an identity of a passwordless connection. */
  function owner(connection: Channel, address: string): User | undefined {
    const userId = owners.get(`${connection}:${connections[connection].normalise(address)}`);
    return userId === undefined ? undefined : accounts.get(userId)?.user;
  }

  async function save(): Promise<void> {
    file.value.accounts = [...accounts.values()];
    await file.save();
  }

  return {
    find: (userId: string): User | undefined => accounts.get(userId)?.user,
    all: (): User[] => [...accounts.values()].map(({ user }) => user),
    permissions: (userId: string): readonly string[] => accounts.get(userId)?.permissions ?? [],
    owner,

    /** Whose login name and password these are, if anybody's. */
    signIn(login: string, password: string): User | undefined {
      const name = login.trim().toLowerCase();
      const account = [...accounts.values()].find(
        ({ user, passwordHash }) => passwordHash && (user.email ?? user.username)?.toLowerCase() === name,
      );
      return account?.passwordHash && isPassword(password, account.passwordHash) ? account.user : undefined;
    },

    async createPasswordless(
      connection: Channel,
      address: string,
      rest: Partial<Pick<User, 'user_metadata' | 'app_metadata' | 'phone_verified' | 'email_verified'>>,
    ): Promise<User> {
      const account = passwordlessAccount(
        connection,
        connections[connection].normalise(address),
        rest,
        clock(),
      );
      insert(account);
      await save();
      return account.user;
    },

    /** Makes `secondary` an identity of `primary`. The secondary user is gone afterwards, and its metadata with it. */
    async link(primary: User, secondary: User): Promise<Identity[]> {
      const [identity, ...others] = secondary.identities as [Identity, ...Identity[]];
      primary.identities.push({ ...identity, profileData: profileOf(secondary) }, ...others);
      primary.updated_at = new Date(clock()).toISOString();
      accounts.delete(secondary.user_id);
      indexContacts(primary);
      await save();
      return primary.identities;
    },

    /** Remembers that a code sent to this address came back, as Auth0 does after a passwordless login. */
    async markSignIn(connection: Channel, address: string): Promise<void> {
      const user = owner(connection, address);
      const identity =
        user &&
        passwordlessIdentities(user).find(
          (one) => one.address === connections[connection].normalise(address),
        );
      if (!identity) return;
      identity.profile[connections[connection].verified] = true;
      user.last_login = new Date(clock()).toISOString();
      user.logins_count = (user.logins_count ?? 0) + 1;
      await save();
    },

    /**
     * Changes metadata as Auth0 does: merged at the first level, where `null` removes a member; an empty object removes all
     * (https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api).
     */
    async updateMetadata(
      user: User,
      { user_metadata, app_metadata }: Partial<Pick<User, 'user_metadata' | 'app_metadata'>>,
    ): Promise<User> {
      if (user_metadata) user.user_metadata = merge(user.user_metadata, user_metadata);
      if (app_metadata) user.app_metadata = merge(user.app_metadata, app_metadata);
      user.updated_at = new Date(clock()).toISOString();
      await save();
      return user;
    },

    /** Adds a user of the database connection. */
    async add(user: NewUser): Promise<User> {
      if (accounts.has(user.userId)) throw new Error(`There is already a user ${user.userId}.`);
      const account = databaseAccount(user, hashPassword(user.password), clock());
      insert(account);
      await save();
      return account.user;
    },

    /** Adds customers with a phone each, all with the password `addedCustomerPassword`. */
    async addCustomers(count: number): Promise<User[]> {
      const passwordHash = hashPassword(addedCustomerPassword);
      const first =
        [...accounts.keys()].filter((userId) => userId.startsWith(numberedCustomerPrefix)).length + 1;
      const added = Array.from({ length: count }, (_, index) =>
        databaseAccount(numberedCustomer(first + index), passwordHash, clock()),
      );
      for (const account of added) insert(account);
      await save();
      return added.map(({ user }) => user);
    },

    /** Changes what Auth0's dashboard would let an administrator change; `null` takes the phone or mailbox away. */
    async change(userId: string, changes: UserChanges): Promise<void> {
      const account = need(userId);
      const { user } = account;
      if (changes.permissions) account.permissions = changes.permissions;
      if (changes.blocked !== undefined) user.blocked = changes.blocked;
      if (changes.email !== undefined) {
        user.email = changes.email ?? undefined;
        user.email_verified = changes.email === null ? undefined : true;
      }
      if (changes.phoneNumber !== undefined) {
        user.user_metadata.phone_number = changes.phoneNumber ?? undefined;
      }
      user.updated_at = new Date(clock()).toISOString();
      await save();
    },
  };
}

function merge(metadata: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  if (Object.keys(changes).length === 0) return {};
  return Object.fromEntries(
    Object.entries({ ...metadata, ...changes }).filter(([, value]) => value !== null),
  );
}

const numberedCustomerPrefix = 'auth0|customer-';

function numberedCustomer(number: number): NewUser {
  const digits = String(number).padStart(7, '0');
  return {
    userId: `${numberedCustomerPrefix}${digits}`,
    name: `Customer ${number}`,
    email: `customer-${digits}@example.com`,
    password: addedCustomerPassword,
    phoneNumber: `+1555${digits}`,
  };
}
