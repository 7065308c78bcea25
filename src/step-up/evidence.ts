import { type Channel, doors, type PendingAction } from './action';

/** The doors by which an action can be proved. */
export const proofDoors = [...doors, 'page'] as const;
type ProofDoor = (typeof proofDoors)[number];

/** A one-time code that came back, or an approval on the page. */
export const proofMethods = ['code', 'approval'] as const;
export type ProofMethod = (typeof proofMethods)[number];

/** A sign-in as the tenant states it. */
export interface SignIn {
  /** `auth_time` (OpenID Connect Core §2), in milliseconds since the epoch. */
  authTime: number;
  /** `amr` (RFC 8176), if the tenant says by which methods. */
  amr?: readonly string[];
}

/** Whether the customer proved to be there after that moment: `auth_time` has whole seconds, so that one within its second is not. */
export function isSignedInSince(signIn: SignIn | undefined, at: number): signIn is SignIn {
  return signIn !== undefined && signIn.authTime > at;
}

/** How an action was proved: kept with it for good, for its customer and for staff. */
export interface Evidence extends Partial<SignIn> {
  method: ProofMethod;
  door: ProofDoor;
  /** How the code had travelled; absent for an approval. */
  channel?: Channel;
  /** Of the terms that were proved; absent for an action of a POD that had no hashes. */
  termsHash?: string;
  /** When it was confirmed. */
  at: number;
}

/** Who proves an action: by which door, and by which sign-in if the door knows. */
export interface Prover {
  door: ProofDoor;
  signIn?: SignIn;
}

/** The evidence of a proof at `now`. */
export function evidenceOf(
  { delivery, termsHash }: PendingAction<unknown>,
  method: ProofMethod,
  { door, signIn }: Prover,
  now: number,
): Evidence {
  return {
    method,
    door,
    ...(method === 'code' && delivery && { channel: delivery.channel }),
    ...signIn,
    ...(termsHash !== undefined && { termsHash }),
    at: now,
  };
}
