import { type Channel, channels } from '../../src/step-up/action';

interface PasswordlessConnection {
  noun: string;
  /** The attributes of a user that hold an address of this connection, and whether it is proved. */
  attribute: 'phone_number' | 'email';
  verified: 'phone_verified' | 'email_verified';
  shape: RegExp;
  /** As Auth0 keeps it. */
  normalise(address: string): string;
  /** What Auth0 sends when it is not told: a text message is a code anyway. */
  sends: 'code' | 'link';
}

/** The passwordless connections by name, which is also the prefix of their users' ids. */
export const connections: Readonly<Record<Channel, PasswordlessConnection>> = {
  sms: {
    noun: 'Text message',
    attribute: 'phone_number',
    verified: 'phone_verified',
    shape: /^\+[0-9]{1,15}$/,
    normalise: (address) => address,
    sends: 'code',
  },
  email: {
    noun: 'E-mail',
    attribute: 'email',
    verified: 'email_verified',
    shape: /^[^@\s]+@[^@\s]+$/,
    normalise: (address) => address.trim().toLowerCase(),
    sends: 'link',
  },
};

/** Whether a connection of that name is a passwordless one. */
export function isPasswordless(connection: unknown): connection is Channel {
  return channels.some((channel) => channel === connection);
}
