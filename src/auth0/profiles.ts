import type { CustomerId } from '../step-up/customer';
import type { Clock, Log } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';
import {
  type Contact,
  channelRules,
  chooseContact,
  type NoContact,
  parseMailbox,
  type Reach,
  readPhone,
} from './contact';
import { createIdentities, hasIdentity, type Owner } from './identities';
import type { LinkableIdentity, Management, User } from './management';
import { createProfileCache } from './profile-cache';

/** What POD needs to know of a customer's Auth0 profile. */
interface Profile extends Reach {
  /** Where codes go, or why nowhere. */
  contact: Contact | NoContact;
  /** Where mail may go: the e-mail address, if Auth0 has had it proved. */
  mailbox?: string;
  /** What people call the customer, as it was written. */
  name: unknown;
  /** Where orders go, as it was written: customers can write it themselves. */
  address: unknown;
  /** Whose the passwordless identity of the contact is; absent until it is known. */
  owner?: Owner;
}

/** A contact whose code may be checked, and the identity that is linked once it is proved; absent when it is linked. */
export interface Provable {
  contact: Contact;
  unlinked?: LinkableIdentity;
}

/** Customers' profiles, remembered for at most 60 s, the good and the bad. Every method throws the refusals of `Passwordless`. */
export interface Profiles {
  /**
   * @throws Refusal `invalid_token` if the account is gone, `account_blocked` if it is blocked: its access token outlived it
   */
  read(customerId: CustomerId, signal: AbortSignal): Promise<Omit<Profile, 'owner'>>;
  /**
   * Replaces the delivery address, or removes it. What it throws may have been done, and may be tried again.
   * @throws Refusal as `read` does
   */
  setAddress(customerId: CustomerId, address: object | undefined, signal: AbortSignal): Promise<void>;
  /**
   * Where the next code goes, after making sure that no one else has it.
   * @throws Refusal `no_contact`, `contact_unusable`, `contact_unreachable`, or `contact_taken` when it is somebody else's
   */
  claim(customerId: CustomerId, signal: AbortSignal): Promise<Contact>;
  /** What a code of this customer's would prove; `'overtaken'` when a newer claim has killed it. Throws as `claim` does. */
  provable(customerId: CustomerId, signal: AbortSignal): Promise<Provable | 'overtaken'>;
  /**
   * Links what was proved. The code is spent and was right, so that nothing here throws: what fails is logged, and tried
   * again after the next right code.
   */
  linkProved(customerId: CustomerId, identity: LinkableIdentity, signal: AbortSignal): Promise<void>;
  /** Makes the next call look afresh. */
  forget(customerId: CustomerId): void;
}

interface Outside {
  management: Management;
  clock: Clock;
  log: Log;
  phoneCountries: readonly string[] | undefined;
}

export function createProfiles({ management, clock, log, phoneCountries }: Outside): Profiles {
  const cache = createProfileCache<Profile | 'gone' | 'blocked'>(clock);
  const identities = createIdentities(management);

  async function fetchProfile(customerId: CustomerId, signal: AbortSignal) {
    const user = await management.getUser(customerId, signal);
    if (!user) return 'gone';
    if (user.blocked) return 'blocked';
    const profile = toProfile(user, phoneCountries);
    if (profile.contact === 'contact_unusable' || profile.contact === 'contact_unreachable') {
      log.warn(
        { customerId, reason: profile.contact },
        'No code can be sent to the phone number of a profile',
      );
    }
    return profile;
  }

  async function read(customerId: CustomerId, signal: AbortSignal): Promise<Profile> {
    const known =
      cache.get(customerId) ?? (await cache.learn(customerId, () => fetchProfile(customerId, signal)));
    if (known === 'gone') throw goneAccount();
    if (known === 'blocked') throw new Refusal('account_blocked', 'This account is blocked');
    return known;
  }

  return {
    read,

    async setAddress(customerId, address, signal) {
      await read(customerId, signal);
      try {
        if (!(await management.setAddress(customerId, address, signal))) throw goneAccount();
      } finally {
        // Also when its answer is lost: it may have been carried out.
        cache.delete(customerId);
      }
    },

    async claim(customerId, signal) {
      const profile = await read(customerId, signal);
      const contact = contactOf(profile);
      if (!profile.owner) {
        const { owner, takenFrom } = await identities.claim(customerId, contact, signal);
        profile.owner = owner;
        if (takenFrom) cache.delete(takenFrom);
      }
      if (profile.owner === 'taken') throw takenContact(contact);
      return contact;
    },

    async provable(customerId, signal) {
      const profile = await read(customerId, signal);
      const contact = contactOf(profile);
      const owner = profile.owner ?? (await identities.find(customerId, contact, signal));
      // The next order claims it anew.
      if (owner === 'overtaken') return owner;
      profile.owner = owner;
      if (owner === 'taken') throw takenContact(contact);
      return owner === 'own' ? { contact } : { contact, unlinked: owner };
    },

    async linkProved(customerId, identity, signal) {
      const isLinked = await management.link(customerId, identity, signal).catch((error: unknown) => {
        log.warn(
          { customerId, err: error },
          'A proved contact could not be linked: the next right code tries again',
        );
        return undefined;
      });
      const profile = cache.get(customerId);
      if (isLinked && typeof profile === 'object') {
        const { contact } = profile;
        const isMailbox = typeof contact === 'object' && contact.channel === 'email';
        Object.assign(profile, { owner: 'own', ...(isMailbox && { mailbox: contact.address }) });
      }
      // Another process may have been faster.
      if (isLinked === false) cache.delete(customerId);
    },

    forget: (customerId) => cache.delete(customerId),
  };
}

const noContactMessages: Readonly<Record<NoContact, string>> = {
  no_contact: 'This account has neither a phone number nor a mailbox to send a code to',
  contact_unusable:
    'The phone number of this account cannot be used as it is written. Correct it in your account.',
  contact_unreachable: 'This number cannot receive codes. Correct it in your account.',
};

function contactOf({ contact }: Profile): Contact {
  if (typeof contact === 'object') return contact;
  throw new Refusal(contact, noContactMessages[contact]);
}

function goneAccount(): Refusal {
  return new Refusal('invalid_token', 'This account does not exist any more: sign in again');
}

function takenContact({ channel }: Contact): Refusal {
  return new Refusal(
    'contact_taken',
    `This ${channelRules[channel].noun} already belongs to another account`,
  );
}

/** Ten times what an address needs: metadata may be megabytes, and thousands of profiles are remembered. */
const longestAddress = 5_000;

function toProfile(user: User, phoneCountries: readonly string[] | undefined): Profile {
  const verified = user.phone_verified === true ? user.phone_number : undefined;
  const reach = { ...readPhone(verified, user.user_metadata?.phone_number), email: parseMailbox(user.email) };
  const contact = chooseContact(reach, phoneCountries);
  const isOwn = typeof contact === 'object' && hasIdentity(user, contact);
  // Whoever has its identity has said a code that went there.
  const isProved = reach.email && hasIdentity(user, { channel: 'email', address: reach.email });
  const mailbox = user.email_verified === true || isProved ? reach.email : undefined;
  const written: unknown = user.user_metadata?.address;
  const address = JSON.stringify(written ?? null).length <= longestAddress ? written : undefined;
  return { ...reach, contact, mailbox, name: user.name, address, ...(isOwn && { owner: 'own' }) };
}
