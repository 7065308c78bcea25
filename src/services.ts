import type { Config } from './config';
import type { RefusalCode } from './errors';
import type { CodeDelivery, CustomerId, Order, OrderStatus } from './orders/order';

/** Everything the app needs from outside. A runtime builds it and calls `createApp`. */
export interface Services {
  config: Config;
  clock: Clock;
  store: OrderStore;
  passwordless: Passwordless;
  accessTokens: TokenVerifier;
  alexaCertificates: CertificateSource;
  feed: OrderFeed;
  assets: Assets;
  log: Log;
  /** Told of every finished step of an order, for logs and metrics. */
  recordStep(step: OrderStep): void;
  /** How express-openid-connect reaches the tenant; the platform's own fetch if absent. */
  auth0Fetch?: typeof fetch;
}

/** One step of one order, as it ended. */
export interface OrderStep {
  step: 'place' | 'confirm' | 'resend' | 'cancel';
  outcome: 'done' | RefusalCode;
  durationMs: number;
  requestId?: string;
  orderId?: string;
}

/** Now, in milliseconds since the epoch. */
export type Clock = () => number;

/** What pino's logger offers of itself; other runtimes give a console one. Never hand it a code, token or full contact. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

// ── The store ────────────────────────────────────────────────────────────────────────────────────

/** What is remembered of a customer between turns; all limits live here, so that every instance shares them. */
export interface CustomerRecord {
  id: CustomerId;
  /** Across orders; a new order or a new code does not reset it, only success or an unlock does. */
  wrongCodesInARow: number;
  /** When codes were sent within the last hour, for the code budget. */
  codesSentAt: readonly number[];
  /** The turn in flight: one at a time for a customer, so that codes and attempts cannot overtake one another. */
  turn?: { id: string; startedAt: number };
  /** The newest answers by request id, so that a repeated request gets the same answer and does nothing. */
  answers: readonly RememberedAnswer[];
}

export interface RememberedAnswer {
  requestId: string;
  /** What was asked; the same id for something else is refused. Holds no code. */
  fingerprint: string;
  at: number;
  /** JSON of what the use case returned or refused. */
  outcome: string;
}

/** One customer as a transition sees it: the record and the newest order (a pending one is always the newest). */
export interface Ledger {
  customer: CustomerRecord;
  latest?: Order;
}

/** What a transition wants written. Orders not named stay as they are. */
export interface Decision<T> {
  customer?: CustomerRecord;
  orders?: readonly Order[];
  result: T;
}

export interface OrderQuery {
  /** Only this customer's orders; everybody's if absent. */
  customerId?: CustomerId;
  statuses?: readonly OrderStatus[];
  /** Archived orders are left out unless this is true. */
  includeArchived?: boolean;
  /** Continue after this cursor, as an earlier page gave it. */
  after?: string;
  /** 1 to 200. */
  limit: number;
}

export interface OrderPage {
  /** Newest first. */
  orders: Order[];
  /** Present when there are more. */
  next?: string;
}

/**
 * Where orders live. Its specification is test/stores/order-store.contract.ts, which runs on every implementation.
 * Every method throws `Refusal('store_unavailable')` when the store cannot be reached: nothing was written then.
 */
export interface OrderStore {
  /**
   * One atomic step of one customer: reads the ledger, asks `decide` what should become of it, and writes that, all or
   * nothing, durably, before it resolves. Steps of one customer run one after the other, on any number of instances.
   * `decide` is pure, synchronous, and may be called again after a conflict; what it throws is thrown, and nothing is written.
   */
  transact<T>(customerId: CustomerId, decide: (ledger: Ledger) => Decision<T>): Promise<T>;
  /** The ledger as it is, without a lock. A customer never seen has an empty one. */
  read(customerId: CustomerId): Promise<Ledger>;
  find(orderId: string): Promise<Order | undefined>;
  /** Newest first (by `placedAt`, then by id), a page at a time. Throws `Refusal('invalid_request')` for a foreign cursor. */
  list(query: OrderQuery): Promise<OrderPage>;
  /** Customers with a pending order whose time was over at `now`; at most 100 a call. */
  overdue(now: number): Promise<CustomerId[]>;
  /** Marks confirmed orders as archived: one customer's, or everybody's. Returns how many were marked. */
  archiveConfirmed(scope: { customerId?: CustomerId }, now: number): Promise<number>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

// ── Auth0 ────────────────────────────────────────────────────────────────────────────────────────

/** What Auth0 says of a code. `exhausted`: no further code will be accepted until a new one is sent. */
export type CodeVerdict = 'right' | 'wrong' | 'expired' | 'exhausted';

/** Where a customer's codes go, masked. `codesGoTo` is absent for a customer without phone and mailbox. */
export interface MaskedContacts {
  email?: string;
  phone?: string;
  codesGoTo?: 'sms' | 'email';
}

/**
 * One-time codes by SMS or e-mail. Takes customer ids: phone numbers and mailboxes never leave auth0/.
 * Every method throws `Refusal('upstream_unavailable')` when Auth0 is slow, limited or down, or `signal` aborts.
 */
export interface Passwordless {
  /**
   * Sends a new code, which kills the older ones. Throws `Refusal('no_contact')` for a customer without phone and
   * mailbox, and `Refusal('contact_taken')` when the number or mailbox is already someone else's identity.
   */
  sendCode(customerId: CustomerId, signal: AbortSignal): Promise<CodeDelivery>;
  /** Whether `code` is this customer's newest code. Right means: Auth0 signed an id_token for this very customer. */
  checkCode(customerId: CustomerId, code: string, signal: AbortSignal): Promise<CodeVerdict>;
  contacts(customerId: CustomerId, signal: AbortSignal): Promise<MaskedContacts>;
}

/** The API's access tokens (RFC 9068 in spirit; Auth0 signs this API's with HS256). */
export interface TokenVerifier {
  /** For express-jwt: the same rules as `verify`, stated once. */
  readonly rules: { secret: string; algorithms: ['HS256']; issuer: string; audience: string };
  /** Who the bearer is. Throws `Refusal('invalid_token')` for a missing, malformed, expired or foreign token. */
  verify(accessToken: string | undefined | null): AccessTokenClaims;
}

export interface AccessTokenClaims {
  customerId: CustomerId;
  permissions: readonly string[];
  /** Seconds since the epoch, as in the token. */
  issuedAt: number;
  expiresAt: number;
}

// ── The rest of the outside ──────────────────────────────────────────────────────────────────────

/** How the signing certificates of Alexa requests are found and trusted. Verification itself has no switch. */
export interface CertificateSource {
  /** PEM of the trusted root certificates. */
  roots: readonly string[];
  /** Downloads the PEM chain, leaf first. `url` has been checked; it must be fetched as given, without redirects. */
  download(url: URL): Promise<string>;
}

/** Something that happened to an order. Small and without contact data: it may travel through a third party. */
export interface OrderEvent {
  /** UUID; the same event keeps it when sending is tried again. */
  id: string;
  orderId: string;
  customerId: CustomerId;
  status: OrderStatus;
  /** For example `large pizza with pepperoni`. */
  summary: string;
  at: number;
}

/** Tells open pages that something changed. */
export interface OrderFeed {
  /** Never rejects and never throws: a board that cannot be told does not fail an order. */
  publish(event: OrderEvent): Promise<void>;
}

/** One file of the back office's page, ready to be sent. */
export interface Asset {
  body: string | Uint8Array;
  contentType: string;
  /** Its name holds a hash of its content, so that it may be cached for ever. */
  immutable: boolean;
}

/** The built page by path below `/app/`, for example `index.html` or `assets/app-3f2a.js`. */
export type Assets = ReadonlyMap<string, Asset>;
