import type { Address } from '../orders/address';
import type { Standing } from '../orders/day';
import type { OrderTerms } from '../orders/pizza-order';
import type { CancelReason, Channel, Door, Status } from '../step-up/action';
import type { CustomerId } from '../step-up/customer';
import type { Evidence } from '../step-up/evidence';

/** What the page is told of the one who is signed in. */
export interface Me {
  /** As the tenant's id_token names them. */
  name: string;
  staff: boolean;
  /** Whether they may finish orders, and cancel what is others'. */
  manages: boolean;
  /** Whether changes are pushed; otherwise the page looks for itself. */
  live: boolean;
  /** How many digits a code has. */
  codeLength: number;
}

export interface BoardOrder {
  id: string;
  /** What it is called by: 1 to 999; absent in orders of a POD that gave none. */
  number?: number;
  customerId: CustomerId;
  /** Whether it is the reader's own. */
  own: boolean;
  status: Status;
  /** Who it is for, where the account says. */
  name?: string;
  pizza: Pick<OrderTerms, 'size' | 'toppings'>;
  /** Written out; absent in orders of a POD that had no prices. */
  bill?: BoardBill;
  via: Door;
  /** How the newest code went, and where to, masked. */
  channel?: Channel;
  contact?: string;
  /** Milliseconds since the epoch, like every time. */
  placedAt: number;
  expiresAt?: number;
  /** Also of one that was cancelled after that. */
  confirmedAt?: number;
  /** Of one that was cancelled, expired or refused. */
  endedAt?: number;
  cancelReason?: CancelReason;
  /** How it was proved. */
  evidence?: Evidence;
  /** Why staff cancelled it, in their own words. */
  note?: string;
  /** Of one that is done. */
  doneAt?: number;
  /** Whether the customer who looks has hidden it. */
  hidden: boolean;
}

/** What an order costs in all, and where it is brought `to`; without that it is picked up. */
export interface BoardBill {
  total: string;
  to?: string;
  /** How long it was to take from the confirmation on. */
  minutes: number;
}

/** All that is known of one order. */
export interface OrderDetails extends BoardOrder {
  /** What each part costs, with the fee, the tax and the total, written out. */
  lines: readonly { what: string; amount: string }[];
  /** How many codes were tried. */
  attempts: number;
  wrongCodesBefore?: number;
  /** Who of the staff was done with it, or cancelled it: for staff only. */
  doneBy?: string;
  cancelledBy?: string;
  /** Whether its customer's ordering is locked. */
  locked: boolean;
}

/** A page of orders, newest first. */
export interface OrderList {
  orders: BoardOrder[];
  /** Present when there are older ones. */
  next?: string;
  /** Whether the reader's own ordering is locked; the profile says how to unlock it. */
  locked: boolean;
}

/** What the kitchen works on. */
export interface Kitchen {
  /** Confirmed and not done; what was confirmed first is at the front. */
  toDo: BoardOrder[];
  /** How many those are in all, as far as they are counted. */
  count: number;
  /** What waits for a code, oldest first. */
  waiting: BoardOrder[];
}

/** What a span of time held. */
export interface DayOrders {
  /** Newest first, as many as are shown of `found`. */
  orders: BoardOrder[];
  found: number;
  counts: Record<Standing, number>;
  /** What was sold of each, the most first. */
  totals: { orders: number; amount: string; sizes: [string, number][]; toppings: [string, number][] };
}

/** Somebody whose ordering is locked. */
export interface LockedCustomer {
  customerId: CustomerId;
  /** Of the newest order, if there is one. */
  name?: string;
  contact?: string;
  orderId?: string;
  /** When the newest wrong code was tried, or since when it is locked because the customer said that an order was not theirs. */
  since?: number;
  disowned: boolean;
}

/** Where a customer can be reached, masked. */
export interface MaskedContacts {
  email?: string;
  phone?: string;
  /** A phone number is there, and cannot be used as it is written. */
  phoneUnusable?: true;
  /** Absent when no code can be sent: without phone and mailbox, or to this phone. */
  codesGoTo?: Channel;
}

export interface Profile {
  /** Absent when Auth0 did not answer. */
  contacts?: MaskedContacts;
  /** Where orders are brought. Absent when they are for pick-up, and when Auth0 did not answer. */
  address?: Address;
  /** Whose profile it is, so that the page gives what they typed to nobody else. */
  customerId: CustomerId;
  locked: boolean;
  /** It is locked because the customer said that an order was not theirs. */
  disowned?: true;
  /** Whether the sign-in is recent enough to unlock ordering and to change the address. */
  freshSignIn: boolean;
}

/** How pusher-js connects. */
export interface LiveConnection {
  key: string;
  cluster: string;
  host?: string;
  port?: number;
  tls: boolean;
}

/** Where to listen, and until when: then it must be asked for again. */
export interface LiveChannel extends LiveConnection {
  channel: string;
  endsAt: number;
}

/** What `#/approve` shows of the reader's own. */
export interface Approval {
  /** The order that waits, or else the one that waited last. Absent for who has never ordered. */
  order?: BoardOrder;
  /** What it costs, item by item, written out. */
  items: readonly { what: string; amount: string }[];
  /** In how many minutes it is there, or can be picked up. */
  minutes?: number;
  /** How many codes may still be tried, by whichever limit is the nearer; absent when none waits. */
  attemptsLeft?: number;
  /** Whether the sign-in is from after the order was placed: only such a one approves it. */
  freshSignIn: boolean;
  /** How many digits a code has. */
  codeLength: number;
  /** Whether the reader's ordering is locked. */
  locked: boolean;
}
