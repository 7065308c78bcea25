import { createEchoDevice, type Exchange } from '../../local/echo/echo-device';
import { readInteractionModel } from '../../local/echo/interaction-model';
import { postSigned } from '../../local/echo/skill-endpoint';
import type { CodeLength } from '../../src/step-up/code';
import { skillId } from '../fixtures/alexa-request';
import { openDoor } from './open-door';

/** The code that this customer is sent, always: 1234, or as many digits as a code has. */
const codeDigits = (length: CodeLength) => '123456'.slice(0, length);

const models = new Map<CodeLength, ReturnType<typeof readInteractionModel>>();

/** What the local Echo understands people by. */
export function modelFor(length: CodeLength = 4) {
  const directory = length === 4 ? 'src/alexa' : 'src/alexa/six-digits';
  const model = models.get(length) ?? readInteractionModel(directory, 'pizza on demand');
  models.set(length, model);
  return model;
}

/** A new customer with the local Echo, in front of the door `/alexa`. */
export async function openEcho(codeLength: CodeLength = 4) {
  let aheadMs = 0;
  const clock = () => Date.now() + aheadMs;
  const door = await openDoor({ codeLength, clock });
  const account = { accessToken: async () => door.token(), device: () => ({ deviceId: 'd', userId: 'u' }) };
  const send = (body: Buffer) => postSigned(`http://127.0.0.1:${door.port}/alexa`, door.chain, body);
  const echo = createEchoDevice({ account, model: modelFor(codeLength), skillId, clock, send });
  return {
    door,
    say: (text: string) => {
      door.codes.sendNext(codeDigits(codeLength));
      return echo.utter(text);
    },
    pass: (ms: number) => {
      aheadMs += ms;
    },
  };
}

/** Whether Alexa listens on after this answer. */
export function isOpen({ response }: Exchange): boolean {
  return answerOf(response.body).shouldEndSession === false;
}

/** What Alexa says when nobody answers. */
export function repromptOf({ response }: Exchange): string {
  return answerOf(response.body).reprompt?.outputSpeech.ssml ?? '';
}

function answerOf(body: unknown) {
  const { response } = body as {
    response: { shouldEndSession?: boolean; reprompt?: { outputSpeech: { ssml: string } } };
  };
  return response;
}
