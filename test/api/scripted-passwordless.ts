import { Refusal } from '../../src/errors';
import type { CustomerId } from '../../src/orders/order';
import type { CodeVerdict, Passwordless } from '../../src/services';

/** Stands for Auth0: sends codes nowhere, and can be told to fail. Codes run 0001, 0002, … for each customer. */
export interface ScriptedPasswordless extends Passwordless {
  /** How many codes a customer was sent. */
  sent(customer: string): number;
  /** The newest code, which alone is right, and once. */
  codeOf(customer: string): string;
  /** How often Auth0 was asked about a code of the customer. */
  checked(customer: string): number;
  /** What happens instead from now on; undefined mends it. */
  failWith(failure: (() => never) | undefined): void;
}

export function createScriptedPasswordless(): ScriptedPasswordless {
  const sent = new Map<string, number>();
  const used = new Map<string, string>();
  const checked = new Map<string, number>();
  let fail: (() => never) | undefined;
  const codeOf = (customer: string) => String(sent.get(customer) ?? 0).padStart(4, '0');

  return {
    sent: (customer) => sent.get(customer) ?? 0,
    checked: (customer) => checked.get(customer) ?? 0,
    codeOf,
    failWith: (failure) => {
      fail = failure;
    },
    async sendCode(customerId) {
      fail?.();
      if (customerId.endsWith('unreachable')) throw new Refusal('no_contact', 'No phone and no mailbox.');
      sent.set(customerId, (sent.get(customerId) ?? 0) + 1);
      return { channel: 'sms', maskedContact: '•••• 0199' };
    },
    async checkCode(customerId, code): Promise<CodeVerdict> {
      checked.set(customerId, (checked.get(customerId) ?? 0) + 1);
      fail?.();
      if (code !== codeOf(customerId) || used.get(customerId) === code) return 'wrong';
      used.set(customerId, code);
      return 'right';
    },
    contacts: async (_customerId: CustomerId) => ({ phone: '•••• 0199', codesGoTo: 'sms' as const }),
  };
}
