import { type Channel, channels } from '../step-up/action';
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

/** Where codes go: on the first channel, in the order of `channels`, that has an address. */
export function chooseContact(addresses: Readonly<Record<Channel, string | undefined>>): Contact | undefined {
  for (const channel of channels) {
    const address = addresses[channel];
    if (address) return { channel, address };
  }
  return undefined;
}

/**
 * A phone number in E.164, freed of the spaces, dots, hyphens and brackets that people write; undefined if it is not
 * one. A number that needs guessing (no country code, a trunk zero as in `+44 (0)20 …`) is not used.
 */
export function parsePhoneNumber(value: unknown): string | undefined {
  if (typeof value !== 'string' || /\(\s*0\s*\)/.test(value)) return undefined;
  const number = value.replace(/[\s.()-]/g, '');
  return /^\+[1-9][0-9]{6,14}$/.test(number) ? number : undefined;
}

/** A mailbox as Auth0 keeps it, in lower case; undefined if it is not one. At most 254 characters (RFC 5321 §4.5.3.1). */
export function parseMailbox(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const mailbox = value.trim().toLowerCase();
  return mailbox.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(mailbox) ? mailbox : undefined;
}
