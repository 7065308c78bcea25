import type { Channel } from '../step-up/action';
import { maskMailbox, maskPhone } from './mask-contact';

/** Where a customer's codes go. The channel is also the name of Auth0's connection, its realm and its provider. */
export interface Contact {
  channel: Channel;
  /** E.164, or a mailbox in lower case. Never leaves auth0/. */
  address: string;
}

interface ChannelRules {
  /** The attribute of an Auth0 user that holds the address. */
  attribute: 'phone_number' | 'email';
  noun: string;
  /** The address in the form that Auth0 keeps; undefined for what is none. */
  parse(value: unknown): string | undefined;
  mask(address: string): string;
  /** A new user with this address, not verified yet. */
  unverifiedUser(address: string): object;
}

/** What differs between the channels, for whoever keeps and looks up contacts. */
export const channelRules: Readonly<Record<Channel, ChannelRules>> = {
  sms: {
    attribute: 'phone_number',
    noun: 'phone number',
    parse: parsePhoneNumber,
    mask: maskPhone,
    unverifiedUser: (address) => ({ phone_number: address, phone_verified: false }),
  },
  email: {
    attribute: 'email',
    noun: 'mailbox',
    parse: parseMailbox,
    mask: maskMailbox,
    // Auth0 would send mails of its own to an address that is not verified.
    unverifiedUser: (address) => ({ email: address, email_verified: false, verify_email: false }),
  },
};

/** What a profile says of where a customer can be reached. */
export interface Reach {
  /** E.164. */
  phone?: string;
  /** A phone number is there, and it is none that a code can be sent to as it is written. */
  phoneUnusable?: true;
  email?: string;
}

/** Why a code can go nowhere. */
export type NoContact = 'no_contact' | 'contact_unusable' | 'contact_unreachable';

/**
 * Where codes go: to the phone, else to the mailbox. Whoever wrote a phone number expects codes there, so that one which
 * cannot be used is said, and never changes the channel in silence.
 * @param phoneCountries the beginnings of the numbers that codes may be texted to; any if absent
 */
export function chooseContact(
  { phone, phoneUnusable, email }: Reach,
  phoneCountries: readonly string[] | undefined,
): Contact | NoContact {
  if (phoneUnusable) return 'contact_unusable';
  if (phone !== undefined) {
    const isAllowed = phoneCountries?.some((code) => phone.startsWith(code)) ?? true;
    return isAllowed ? { channel: 'sms', address: phone } : 'contact_unreachable';
  }
  return email === undefined ? 'no_contact' : { channel: 'email', address: email };
}

/**
 * Reads the phone numbers of a profile: the first that can be used.
 * @param written in the order in which they count
 */
export function readPhone(...written: unknown[]): Pick<Reach, 'phone' | 'phoneUnusable'> {
  const phone = written.map(parsePhoneNumber).find((number) => number !== undefined);
  if (phone !== undefined) return { phone };
  return written.every(isBlank) ? {} : { phoneUnusable: true };
}

/** What cannot be seen, and what people write between the digits: spaces, hyphens of all kinds, brackets and dots. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Z}]/gu;
const separators = /[\p{Pd}\u2212\p{Ps}\p{Pe}.\u00b7]/gu;

/**
 * A phone number in E.164, freed of what is invisible and of the punctuation that people write, full-width digits read as
 * digits (Unicode NFKC); undefined if it is not one. A number that needs guessing (no country code, a trunk zero as in
 * `+44 (0)20 …`, an extension) is not used.
 */
export function parsePhoneNumber(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const visible = value.normalize('NFKC').replace(invisible, '');
  if (/\p{Ps}0\p{Pe}/u.test(visible)) return undefined;
  const number = visible.replace(separators, '');
  return /^\+[1-9][0-9]{6,14}$/.test(number) ? number : undefined;
}

function isBlank(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (typeof value === 'string' && value.replace(invisible, '') === '')
  );
}

/** A mailbox as Auth0 keeps it, in lower case; undefined if it is not one. At most 254 characters (RFC 5321 §4.5.3.1). */
export function parseMailbox(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const mailbox = value.trim().toLowerCase();
  return mailbox.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(mailbox) ? mailbox : undefined;
}
