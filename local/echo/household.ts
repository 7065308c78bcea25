import { createHash } from 'node:crypto';
import type { Clock } from '../../src/step-up/outside';
import type { AlexaAccount } from './alexa-account';
import { createEchoDevice, type Exchange, type SkillAnswer } from './echo-device';
import type { InteractionModel } from './interaction-model';
import type { EchoId, PersonId, Turn } from './page-data';
import type { SkillResponse } from './skill-endpoint';
import { spokenText } from './spoken-text';
import { whyNothingMatched } from './why-nothing-matched';

interface HouseholdParts {
  account: AlexaAccount;
  model: InteractionModel;
  skillId: string;
  clock: Clock;
  send(body: Buffer): Promise<SkillResponse>;
}

export const echoIds = ['kitchen', 'living-room'] as const satisfies readonly EchoId[];
/** Who speaks. Alexa has learnt the voices of those who live here, and not that of a guest. */
export const personIds = ['owner', 'housemate', 'guest'] as const satisfies readonly PersonId[];

const keptTurns = 30;

/** Two Echos with one Amazon account, and what was said at them since the start. */
export type Household = ReturnType<typeof createHousehold>;

export function createHousehold({ account, model, skillId, clock, send }: HouseholdParts) {
  const turns: Turn[] = [];
  const deviceIdOf = (echo: EchoId) => {
    const { deviceId, userId } = account.device();
    return { deviceId: echo === 'kitchen' ? deviceId : `amzn1.ask.device.${idOf(deviceId, echo)}`, userId };
  };
  const devices = new Map(
    echoIds.map((echo) => {
      const parts = { ...account, device: () => deviceIdOf(echo) };
      return [echo, createEchoDevice({ account: parts, model, skillId, clock, send })];
    }),
  );

  function deviceOf(echo: EchoId) {
    const device = devices.get(echo);
    if (!device) throw new Error(`There is no Echo called ${echo}.`);
    return device;
  }

  /** Alexa gives a skill another id for each voice, which stays the same as long as the skill is enabled. */
  function voiceOf(person: PersonId): string | undefined {
    if (person === 'guest') return undefined;
    return `amzn1.ask.person.${idOf(account.device().userId, person).toUpperCase()}`;
  }

  function keep(said: Pick<Turn, 'echo' | 'person' | 'text'>, exchange: Exchange): Turn {
    const { request } = exchange.request;
    const { response } = (exchange.response.body ?? {}) as SkillAnswer;
    const isUnmatched = 'intent' in request && request.intent.name === 'AMAZON.FallbackIntent';
    const turn: Turn = {
      ...said,
      ...exchange,
      id: request.requestId,
      at: clock(),
      reprompt: repromptOf(response),
      isListening: deviceOf(said.echo).isListening(),
      ...(isUnmatched && { unmatched: whyNothingMatched(model, said.text) }),
    };
    turns.push(turn);
    if (turns.length > keptTurns) turns.shift();
    return turn;
  }

  return {
    /** What was said and answered, oldest first. */
    turns: (): readonly Turn[] => turns,
    isListening: (echo: EchoId): boolean => deviceOf(echo).isListening(),
    async utter(echo: EchoId, person: PersonId, text: string): Promise<Turn> {
      return keep({ echo, person, text }, await deviceOf(echo).utter(text, voiceOf(person)));
    },
    /** As Alexa does when nobody answers: see EchoDevice. */
    async fallSilent(echo: EchoId, requestId: string): Promise<void> {
      const exchange = await deviceOf(echo).fallSilent(requestId);
      if (exchange) keep({ echo, text: '' }, exchange);
    },
    /** Forgets the conversations, as a change of account does. */
    endSessions(): void {
      for (const device of devices.values()) device.endSession();
    },
  };
}

function repromptOf(response: SkillAnswer['response']): string | undefined {
  try {
    return spokenText(response?.reprompt?.outputSpeech) || undefined;
  } catch {
    // SSML that Alexa refuses is not said.
    return undefined;
  }
}

function idOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
