import type { CustomerId } from '../step-up/customer';
import type { Clock } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import { type Contact, channelRules, chooseContact, parseMailbox, parsePhoneNumber } from './contact';
import { type Identity, isMadeFor, type LinkableIdentity, type Management, type User } from './management';
import { createProfileCache } from './profile-cache';

/** What POD needs to know of a customer's Auth0 profile. */
export interface Profile {
  phone?: string;
  email?: string;
  /** Where codes go: the phone, else the mailbox. */
  contact?: Contact;
  /** Whether the customer has a passwordless identity for exactly this contact. */
  provisioned: boolean;
}

/** Customers' profiles, remembered for at most 60 s. Every method throws the refusals of `Passwordless`. */
export interface Profiles {
  /** @throws Refusal `invalid_token` if the account is blocked or gone: its access token outlived it. */
  read(customerId: CustomerId, signal: AbortSignal): Promise<Profile>;
  /**
   * The contact, after making sure that its passwordless identity is the customer's.
   * @throws Refusal `no_contact`, or `contact_taken` when that identity belongs to someone else.
   */
  provision(customerId: CustomerId, signal: AbortSignal): Promise<Contact>;
  /** Makes the next call look afresh. */
  forget(customerId: CustomerId): void;
}

export function createProfiles(management: Management, clock: Clock): Profiles {
  const cache = createProfileCache<Profile>(clock);

  async function fetchUser(customerId: CustomerId, signal: AbortSignal): Promise<User> {
    const user = await management.getUser(customerId, signal);
    if (!user) throw new Refusal('invalid_token', 'This account does not exist any more: sign in again');
    if (user.blocked) throw new Refusal('invalid_token', 'This account is blocked');
    return user;
  }

  async function read(customerId: CustomerId, signal: AbortSignal): Promise<Profile> {
    const known = cache.get(customerId);
    if (known) return known;
    const profile = toProfile(await fetchUser(customerId, signal));
    cache.set(customerId, profile);
    return profile;
  }

  async function provision(customerId: CustomerId, signal: AbortSignal): Promise<Contact> {
    const profile = await read(customerId, signal);
    const contact = contactOf(profile);
    if (profile.provisioned) return contact;
    if (!(await ownIdentity(customerId, contact, signal))) {
      cache.delete(customerId);
      const { noun } = channelRules[contact.channel];
      throw new Refusal('contact_taken', `This ${noun} already belongs to another account`);
    }
    profile.provisioned = true;
    return contact;
  }

  /**
   * Creates and links the passwordless identity. One that exists already is someone else's and is never linked, unless
   * POD made it for this very customer and could not finish: the link failed, or an answer was lost.
   */
  async function ownIdentity(
    customerId: CustomerId,
    contact: Contact,
    signal: AbortSignal,
  ): Promise<boolean> {
    const created = await management.createPasswordlessUser(contact, customerId, signal);
    const identity = created === 'taken' ? await findHalfMade(customerId, contact, signal) : created;
    if (identity && (await management.link(customerId, identity, signal))) return true;
    // Another instance may have been faster: then the identity is there, and it is the customer's.
    return hasIdentity(await fetchUser(customerId, signal), contact);
  }

  async function findHalfMade(
    customerId: CustomerId,
    contact: Contact,
    signal: AbortSignal,
  ): Promise<LinkableIdentity | undefined> {
    const users = await management.findUsers(contact, signal);
    const halfMade = users.find(
      (user) => isMadeFor(user, customerId) && user.identities?.length === 1 && hasIdentity(user, contact),
    );
    const id = halfMade?.identities?.[0]?.user_id;
    return id === undefined ? undefined : { provider: contact.channel, user_id: id };
  }

  return { read, provision, forget: (customerId) => cache.delete(customerId) };
}

/** @throws Refusal `no_contact` */
export function contactOf({ contact }: Profile): Contact {
  if (contact) return contact;
  throw new Refusal('no_contact', 'This account has neither a phone number nor a mailbox to send a code to');
}

function toProfile(user: User): Profile {
  const verifiedPhone = user.phone_verified === true ? parsePhoneNumber(user.phone_number) : undefined;
  const phone = verifiedPhone ?? parsePhoneNumber(user.user_metadata?.phone_number);
  const email = parseMailbox(user.email);
  const contact = chooseContact({ sms: phone, email });
  return { phone, email, contact, provisioned: contact !== undefined && hasIdentity(user, contact) };
}

/** By connection and address: an identity of an earlier number does not receive what is sent to the new one. */
function hasIdentity(user: User, { channel, address }: Contact): boolean {
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
