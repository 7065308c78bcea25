import { type Fields, isFields } from '../step-up/json-shape';
import { type Address, parseAddress } from './address';
import { type Currency, isAmount, isCurrency } from './money';

/** What an order costs, who sells it, and where it goes: all amounts in minor units of the currency. */
export interface Bill {
  seller: { name: string; phone: string; address: Address };
  currency: Currency;
  /** The pizza, and each of its toppings. */
  lines: readonly { what: string; amount: number }[];
  /** Where it is brought `to`; without that the customer picks it up at the seller's address. */
  delivery: { to?: Address };
  deliveryFee: number;
  tax: number;
  /** All lines, the delivery fee and the tax. */
  total: number;
  /** How long it takes from the confirmation on. */
  minutes: number;
}

/**
 * Reads a bill back from JSON.
 * @throws Error for JSON that is no whole bill, or whose amounts do not add up to its total
 */
export function parseBill(json: unknown): Bill {
  const { seller, currency, lines, delivery, deliveryFee, tax, total, minutes } = fields(json);
  const { name, phone, address } = fields(seller);
  const { to } = fields(delivery);
  if (!isCurrency(currency) || !Array.isArray(lines) || lines.length === 0) throw noBill();
  const bill: Bill = {
    seller: { name: text(name), phone: text(phone), address: readAddress(address) },
    currency,
    lines: lines.map(parseLine),
    delivery: to === undefined ? {} : { to: readAddress(to) },
    deliveryFee: amountOf(deliveryFee),
    tax: amountOf(tax),
    total: amountOf(total),
    minutes: amountOf(minutes),
  };
  if (bill.lines.reduce((sum, { amount }) => sum + amount, bill.deliveryFee + bill.tax) !== bill.total) {
    throw noBill();
  }
  return bill;
}

function parseLine(json: unknown): Bill['lines'][number] {
  const { what, amount } = fields(json);
  return { what: text(what), amount: amountOf(amount) };
}

function amountOf(json: unknown): number {
  if (isAmount(json)) return json;
  throw noBill();
}

function readAddress(json: unknown): Address {
  const address = parseAddress(json);
  if (!address) throw noBill();
  return address;
}

function text(json: unknown): string {
  if (typeof json === 'string') return json;
  throw noBill();
}

function fields(json: unknown): Fields {
  if (isFields(json)) return json;
  throw noBill();
}

// Without the value: an address may be in it.
function noBill(): Error {
  return new Error('This is no bill of an order.');
}
