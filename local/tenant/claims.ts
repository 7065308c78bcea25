import type { User } from './account';

/** What id_tokens and `/userinfo` may say of a user; the scopes decide how much of it is said. */
export function claimsOf(user: User) {
  const { user_id: sub, name, nickname, email, email_verified, updated_at } = user;
  return { sub, name, nickname, email, email_verified, updated_at };
}
