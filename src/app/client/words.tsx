import { describePizza } from '../../orders/pizza-order';
import type { CancelReason, Channel, Door } from '../../step-up/action';
import type { BoardOrder } from '../page-data';

/** The order's pizza, at the beginning of a sentence. */
export function sayPizza({ pizza }: Pick<BoardOrder, 'pizza'>): string {
  return capitalise(describePizza(pizza));
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the order is called by. One of a POD that gave no numbers has the beginning of its id. */
export function callOf({ number, id }: Pick<BoardOrder, 'number' | 'id'>): string {
  return number === undefined ? id.slice(0, 4).toUpperCase() : String(number);
}

export const ways: Readonly<Record<Door, string>> = { voice: 'by voice', api: 'by app' };

export const channelWords: Readonly<Record<Channel, string>> = { sms: 'text message', email: 'e-mail' };

export const cancelWords: Readonly<Record<CancelReason, string>> = {
  customer: 'by the customer',
  staff: 'by the pizzeria',
  replaced: 'replaced by a newer order',
  code_not_sent: 'the code could not be sent',
  not_me: 'the customer says: not me',
};

/** A masked contact, as it is read well: dots are for the eye only. */
export function Contact({ of: contact = '' }: { of?: string }) {
  const [, first, rest = ''] = /^([^•]*)•+\s*(.*)$/.exec(contact) ?? [];
  if (first === undefined) return <>{contact || 'no contact'}</>;
  const read = rest.startsWith('@') ? `begins with ${first}, at ${rest.slice(1)}` : `ends with ${rest}`;
  return (
    <span class="masked">
      <span aria-hidden="true">{contact}</span>
      <span class="hidden">{read}</span>
    </span>
  );
}
