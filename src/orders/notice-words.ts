import type { NoticeKind } from '../step-up/notice';
import { seller } from './menu';
import { describePizza, type Order } from './pizza-order';
import { receiptOf } from './receipt';

/** What customers are written by mail. A new kind of notice does not compile until it has its words here. */
export const noticeWords: Readonly<
  Record<NoticeKind, (order: Order, page: string | undefined) => { subject: string; text: string }>
> = {
  receipt: (order) => ({
    subject: `Your order ${orderNumber(order)} is confirmed`,
    text: letter(
      order.status === 'confirmed'
        ? `Thank you. Your order at ${seller.name} is confirmed.`
        : `Your order at ${seller.name} was confirmed. It has been cancelled since.`,
      termsOf(order),
      order.terms.bill ? receiptOf(order.terms.bill) : '',
      tellWrongCodes(order),
    ),
  }),
  locked: (order, page) => ({
    subject: 'Ordering is locked',
    text: letter(
      `There were too many wrong codes, so ordering at ${seller.name} is locked: nobody can order in your name, by voice or otherwise, not even with the right code. ${order.status === 'refused' ? 'This order is refused, and nothing of it is made:' : 'The last wrong code was said for this order:'}`,
      termsOf(order),
      `To unlock it, sign in to the ${seller.name} web page, open your profile, and choose "Unlock ordering"${page ? `: ${page}#/profile` : '.'}`,
      'If it was not you who tried these codes, ask who was near your speaker before you unlock it.',
    ),
  }),
  disowned: (order, page) => ({
    subject: 'You said: this was not me',
    text: letter(
      `You said on the ${seller.name} web page that this order was not yours. It is cancelled, and nothing of it is made:`,
      termsOf(order),
      `Ordering is locked: nobody can order in your name. Ask who was near your speaker. Then sign in again, open your profile, and choose "Unlock ordering"${page ? `: ${page}#/profile` : '.'}`,
      'If it was not you who said this either, somebody else is signed in as you: change your password first.',
    ),
  }),
  cancelled_by_staff: (order) => ({
    subject: `Your order ${orderNumber(order)} was cancelled`,
    text: letter(
      'The pizzeria has cancelled your order. Nothing of it is made.',
      termsOf(order),
      order.status === 'cancelled' && order.note ? `The pizzeria says: “${order.note}”` : '',
      `Questions? Call ${seller.phone}.`,
    ),
  }),
};

/** How people name an order: by its number, or the first eight characters of the id of one that has none. */
function orderNumber({ id, number }: Pick<Order, 'id' | 'number'>): string {
  return number === undefined ? id.slice(0, 8) : String(number);
}

/** The order as it is told in every mail. */
function termsOf(order: Order): string {
  const confirmed = order.status === 'confirmed' ? [`  Confirmed  ${formatTime(order.endedAt)}`] : [];
  return [
    `  Order      ${orderNumber(order)}`,
    `  What       ${describePizza(order.terms)}`,
    ...confirmed,
  ].join('\n');
}

function tellWrongCodes({ wrongCodesBefore = 0 }: Order): string {
  if (wrongCodesBefore === 0) return '';
  const codes = wrongCodesBefore === 1 ? 'One wrong code was' : `${wrongCodesBefore} wrong codes were`;
  return `${codes} tried since your last order. If that was not you, somebody else has tried to order in your name.`;
}

/** UTC, because nobody says where the reader is. */
function formatTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function letter(...paragraphs: string[]): string {
  return `${[...paragraphs.filter((text) => text !== ''), seller.name].join('\n\n')}\n`;
}
