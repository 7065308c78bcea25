import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Clock } from '../../src/step-up/outside';
import type { User } from './account';
import type { StateFile } from './state-file';
import type { Users } from './users';

/** A public key of a user's, by the id of its credential. */
export type PasskeyRecords = Record<string, { userId: string; publicKey: string; counter: number }>;

/** What the page hands to the browser (WebAuthn Level 3 §5.1). */
export type PasskeyQuestion =
  | { does: 'create'; options: Awaited<ReturnType<typeof generateRegistrationOptions>> }
  | { does: 'get'; options: Awaited<ReturnType<typeof generateAuthenticationOptions>> };

/** Passkeys are made for the host, whatever the port: this one's and no other name of the machine. */
const rpID = 'localhost';
const answerWithinMs = 10 * 60_000;

/** Passkeys, as Auth0 offers them on its login page. */
export type Passkeys = ReturnType<typeof createPasskeys>;

export function createPasskeys(parts: { users: Users; file: StateFile<PasskeyRecords>; clock: Clock }) {
  const { users, file, clock } = parts;
  /** What was asked last in each sign-in; a question is answered once. */
  const asked = new Map<string, { challenge: string; user?: User; until: number }>();

  function keep(signIn: string, challenge: string, user?: User): void {
    for (const [key, { until }] of asked) if (clock() >= until) asked.delete(key);
    asked.set(signIn, { challenge, user, until: clock() + answerWithinMs });
  }

  async function create(user: User, response: RegistrationResponseJSON, expected: Expected) {
    const { registrationInfo } = await verifyRegistrationResponse({ response, ...expected });
    if (!registrationInfo) return undefined;
    const { id, publicKey, counter } = registrationInfo.credential;
    const key = Buffer.from(publicKey).toString('base64url');
    file.value[id] = { userId: user.user_id, publicKey: key, counter };
    await file.save();
    return user;
  }

  async function get(response: AuthenticationResponseJSON, expected: Expected) {
    const { id } = response;
    const known = Object.hasOwn(file.value, id) ? file.value[id] : undefined;
    if (!known) return undefined;
    const publicKey = new Uint8Array(Buffer.from(known.publicKey, 'base64url'));
    const credential = { id, publicKey, counter: known.counter };
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      credential,
      ...expected,
    });
    if (!verified) return undefined;
    known.counter = authenticationInfo.newCounter;
    await file.save();
    return users.find(known.userId);
  }

  return {
    /** Asks for a passkey of whoever is there, in the sign-in of this id. */
    async askFor(signIn: string): Promise<PasskeyQuestion> {
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' });
      keep(signIn, options.challenge);
      return { does: 'get', options };
    },

    /** Asks to make a passkey for a user who has just given the password. */
    async askToCreate(signIn: string, user: User): Promise<PasskeyQuestion> {
      const options = await generateRegistrationOptions({
        rpName: 'Pizza on Demand',
        rpID,
        userID: new Uint8Array(Buffer.from(user.user_id)),
        userName: user.email ?? user.username ?? user.name,
        userDisplayName: user.name,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      keep(signIn, options.challenge, user);
      return { does: 'create', options };
    },

    /**
     * What the browser answered to the last question of this sign-in.
     * @param answer the credential as JSON, as the page sent it
     * @returns who has proved to be there, and how (RFC 8176); undefined for an answer that proves nothing
     */
    async answer(
      signIn: string,
      answer: string,
      origin: string,
    ): Promise<{ user: User; amr: string[] } | undefined> {
      const question = asked.get(signIn);
      asked.delete(signIn);
      if (!question || clock() >= question.until) return undefined;
      const { challenge: expectedChallenge, user } = question;
      const expected = { expectedChallenge, expectedOrigin: origin, expectedRPID: rpID };
      try {
        const response = JSON.parse(answer);
        const found = await (user ? create(user, response, expected) : get(response, expected));
        return found && { user: found, amr: user ? ['pwd', 'pop', 'user'] : ['pop', 'user'] };
      } catch {
        // The library throws for what does not fit, and tells nobody why.
        return undefined;
      }
    },
  };
}

interface Expected {
  expectedChallenge: string;
  expectedOrigin: string;
  expectedRPID: string;
}
