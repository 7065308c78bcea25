import type { CustomerId } from '../step-up/customer';
import { Refusal } from '../step-up/refusal';
import { type Contact, channelRules } from './contact';
import { type Identity, type LinkableIdentity, type Management, madeFor, type User } from './management';

/** Whose the passwordless identity of a customer's contact is: theirs, somebody else's, or one that waits for a proof. */
export type Owner = 'own' | 'taken' | LinkableIdentity;

export interface Identities {
  /** For sending: makes the identity if there is none, and takes over one that another customer has claimed and not proved. */
  claim(
    customerId: CustomerId,
    contact: Contact,
    signal: AbortSignal,
  ): Promise<{ owner: Owner; takenFrom?: CustomerId }>;
  /** For checking: makes and takes nothing. `'overtaken'` when another customer has claimed the contact since. */
  find(customerId: CustomerId, contact: Contact, signal: AbortSignal): Promise<Owner | 'overtaken'>;
}

/**
 * How a contact becomes a customer's. A number in a profile is a claim: many customers may write it themselves. Auth0 sends
 * codes to identities only, and has one for each number or mailbox, so that POD makes it before anybody has proved anything:
 *
 * - It is made apart from the customer's account, with a mark that says for whom, and linked to it only after an id_token
 *   has proved its code. Whoever holds the number could sign in as this identity anyway: the link gives them nothing new,
 *   and gives nothing at all to who cannot read the codes.
 * - Another customer who claims the same contact takes the mark over, and is sent the next code. POD must not need
 *   `delete:users` for that, with which its secret could delete every customer: the one identity changes hands by
 *   `update:users`. So a claim that was never proved costs the real owner nothing: they order, prove, and have it for good.
 * - The newest claim wins: its code has killed the older one at Auth0, and a customer whose mark is gone gets no code
 *   checked, so that guesses by a claimer cost the owner's code none of its three tries. A process that has not heard of the
 *   newer claim believes the older one for at most a minute; even then only the owner's own code would prove anything.
 * - One that POD did not make, that was linked, or that somebody has signed in with is an account: never taken over. Only
 *   the customer it is marked for may go on with it, for whom it may be a proof whose link was lost; and only by another code.
 */
export function createIdentities(management: Management): Identities {
  async function findOwner(contact: Contact, signal: AbortSignal): Promise<User> {
    const users = await management.findUsers(contact, signal);
    const owner = users.find((user) => hasIdentity(user, contact));
    if (owner) return owner;
    // The index has not heard of it yet, within seconds it will.
    throw new Refusal('upstream_unavailable', 'Auth0 cannot find this contact yet: try again', {
      retryAfterSeconds: 5,
    });
  }

  return {
    async claim(customerId, contact, signal) {
      const created = await management.createPasswordlessUser(contact, customerId, signal);
      if (created !== 'taken') return { owner: created };
      const user = await findOwner(contact, signal);
      const { owner, claimedBy } = judge(user, customerId, contact);
      if (claimedBy === undefined || owner === 'own' || owner === 'taken') return { owner };
      const isMarked = await management.markFor(customerId, owner, signal);
      return isMarked ? { owner, takenFrom: claimedBy } : { owner: 'taken' };
    },

    async find(customerId, contact, signal) {
      const { owner, claimedBy } = judge(await findOwner(contact, signal), customerId, contact);
      return claimedBy === undefined ? owner : 'overtaken';
    },
  };
}

/** Whose this user is, seen by the customer, and which other customer has claimed it and not proved. */
function judge(
  user: User,
  customerId: CustomerId,
  { channel }: Contact,
): { owner: Owner; claimedBy?: CustomerId } {
  if (user.user_id === customerId) return { owner: 'own' };
  const mark = madeFor(user);
  const id = user.identities?.[0]?.user_id;
  if (mark === undefined || id === undefined) return { owner: 'taken' };
  const owner = { provider: channel, user_id: id };
  if (mark === customerId) return { owner };
  return user.last_login ? { owner: 'taken' } : { owner, claimedBy: mark };
}

/** By connection and address: an identity of an earlier number does not receive what is sent to the new one. */
export function hasIdentity(user: User, { channel, address }: Contact): boolean {
  return (user.identities ?? []).some((identity) => {
    if (identity.connection !== channel) return false;
    const { attribute, parse } = channelRules[channel];
    return parse(profileOf(identity, user)[attribute]) === address;
  });
}

/** Auth0 keeps the attributes of the primary identity at the root of the user, of a linked one in `profileData`. */
function profileOf(identity: Identity, user: User): { phone_number?: string; email?: string } {
  const isPrimary = `${identity.provider}|${identity.user_id}` === user.user_id;
  return (isPrimary ? user : identity.profileData) ?? {};
}
