import { randomBytes } from 'node:crypto';
import type { Channel } from '../../src/step-up/action';
import { connections, isPasswordless } from './connections';
import type { NewUser } from './seeded-users';

/** A user as the Management API shows one. */
export interface User {
  user_id: string;
  name: string;
  nickname: string;
  email?: string;
  email_verified?: boolean;
  username?: string;
  phone_number?: string;
  phone_verified?: boolean;
  identities: Identity[];
  user_metadata: Record<string, unknown>;
  app_metadata: Record<string, unknown>;
  blocked?: boolean;
  /** ISO 8601; absent until the first sign-in. Only those by a code are kept here. */
  last_login?: string;
  logins_count?: number;
  created_at: string;
  updated_at: string;
}

export interface Identity {
  provider: string;
  /** Without the provider's prefix. */
  user_id: string;
  connection: string;
  isSocial: false;
  /** On linked identities only; the primary identity's profile is the user's own. */
  profileData?: Profile;
}

type Profile = Partial<Pick<User, 'name' | 'email' | 'email_verified' | 'phone_number' | 'phone_verified'>>;

/** A user, and what the Management API never shows. */
export interface Account {
  user: User;
  passwordHash?: string;
  permissions: readonly string[];
}

/** The sms and email identities of a user, with the part of the user that holds each one's profile. */
export function passwordlessIdentities(user: User) {
  return user.identities.flatMap((identity) => {
    const { provider: connection } = identity;
    if (!isPasswordless(connection)) return [];
    const profile: Profile = identity.profileData ?? user;
    return [{ identity, profile, connection, address: profile[connections[connection].attribute] }];
  });
}

export function profileOf({ name, email, email_verified, phone_number, phone_verified }: User): Profile {
  return { name, email, email_verified, phone_number, phone_verified };
}

export function databaseAccount(user: NewUser, passwordHash: string, now: number): Account {
  const identity: Identity = {
    provider: 'auth0',
    user_id: user.userId.replace(/^auth0\|/, ''),
    connection: 'Username-Password-Authentication',
    isSocial: false,
  };
  return {
    passwordHash,
    permissions: user.permissions ?? [],
    user: {
      user_id: user.userId,
      ...names(user.name),
      ...(user.email ? { email: user.email, email_verified: true } : {}),
      ...(user.username ? { username: user.username } : {}),
      identities: [identity],
      user_metadata: user.phoneNumber ? { phone_number: user.phoneNumber } : {},
      app_metadata: {},
      ...timestamps(now),
    },
  };
}

export function passwordlessAccount(
  connection: Channel,
  address: string,
  rest: Partial<User>,
  now: number,
): Account {
  const id = randomBytes(12).toString('hex');
  const { attribute, verified } = connections[connection];
  const contact = { [attribute]: address, [verified]: rest[verified] ?? false };
  return {
    permissions: [],
    user: {
      user_id: `${connection}|${id}`,
      ...names(address),
      ...contact,
      identities: [{ provider: connection, user_id: id, connection, isSocial: false }],
      user_metadata: rest.user_metadata ?? {},
      app_metadata: rest.app_metadata ?? {},
      ...timestamps(now),
    },
  };
}

function names(name: string) {
  return { name, nickname: name.toLowerCase() };
}

function timestamps(now: number) {
  const created_at = new Date(now).toISOString();
  return { created_at, updated_at: created_at };
}
