/** Where a customer's codes go. The channel is also the name of Auth0's connection, its realm and its provider. */
export interface Contact {
  channel: 'sms' | 'email';
  /** E.164, or a mailbox in lower case. Never leaves auth0/. */
  address: string;
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
