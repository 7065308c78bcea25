import type { CustomerId } from '../step-up/customer';
import type { Log, Step } from '../step-up/outside';
import { Refusal } from '../step-up/refusal';

/** What is counted at the doors; absent where nothing is. */
export interface DoorCounts {
  /** A request that a door refused, and why. What a step was refused for is told by its own record. */
  refusal(door: DoorName, reason: string): void;
  signIn(outcome: SignInOutcome): void;
}

export type DoorName = NonNullable<Step['door']>;

/** How a sign-in at the page ended: `refused` by the tenant or by the person, `unavailable` when the tenant is away. */
export const signInOutcomes = ['done', 'refused', 'unavailable'] as const;
type SignInOutcome = (typeof signInOutcomes)[number];

/** Who sends a request, as far as the door knows by now. */
interface Sender {
  as: 'customer' | 'staff' | 'nobody';
  customerId?: CustomerId;
}

const senders = new WeakMap<object, Sender>();

/** Notes for the log who sends this request. */
export function noteSender(request: object, sender: Sender): void {
  senders.set(request, sender);
}

/** The one line in the log for a request that a door refused: who, by which door, as what, and why. */
export function recordRefused(
  { log, counts }: { log: Log; counts?: DoorCounts },
  refused: { door: DoorName; outcome: string; request?: object; error?: unknown },
): void {
  const { door, outcome, request = {}, error } = refused;
  const reason = whyNoToken(error);
  counts?.refusal(door, outcome);
  log.warn(
    { door, ...(senders.get(request) ?? { as: 'nobody' }), outcome, ...(reason && { reason }) },
    'a request was refused',
  );
}

/**
 * What is wrong with an access token, for the operator alone: an API of another algorithm or key in Auth0 looks to customers like
 * a link that is lost. In jsonwebtoken's words, as far as nothing of the token can be in them.
 */
function whyNoToken(error: unknown): string | undefined {
  if (!(error instanceof Refusal) || error.code !== 'invalid_token') return undefined;
  if (!(error.cause instanceof Error)) return error.message;
  return /^(jwt|invalid|No authorization) [a-z ]+/.exec(error.cause.message)?.[0];
}
