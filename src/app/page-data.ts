import type { CancelReason, CustomerId, OrderStatus, Size, Topping } from '../orders/order';
import type { MaskedContacts } from '../services';

/** What the page is told of the one who is signed in. */
export interface Me {
  /** As the tenant's id_token names them. */
  name: string;
  staff: boolean;
  /** Whether changes are pushed; otherwise the page looks for itself. */
  live: boolean;
}

export interface BoardOrder {
  id: string;
  customerId: CustomerId;
  /** Whether it is the reader's own. */
  own: boolean;
  status: OrderStatus;
  pizza: { size: Size; toppings: readonly Topping[] };
  via: 'voice' | 'api';
  /** Where the code went, masked. */
  contact?: string;
  /** Milliseconds since the epoch, like every time. */
  placedAt: number;
  expiresAt?: number;
  settledAt?: number;
  cancelReason?: CancelReason;
  archived: boolean;
}

export interface Board {
  /** Newest first. */
  orders: BoardOrder[];
  /** Present when there are older ones. */
  next?: string;
}

export interface Profile {
  /** Absent when Auth0 did not answer. */
  contacts?: MaskedContacts;
  locked: boolean;
  /** Whether the sign-in is recent enough to unlock voice ordering. */
  freshSignIn: boolean;
}

/** How to listen, and until when: then it must be asked for again. */
export interface LiveChannel {
  key: string;
  cluster: string;
  host?: string;
  port?: number;
  tls: boolean;
  channel: string;
  endsAt: number;
}
