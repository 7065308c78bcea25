import { type Conversation, type Intent, turnOf } from '../../src/alexa/conversation';
import { ask } from '../../src/alexa/reply';
import { meaningsOf, valuesOf } from '../../src/alexa/slots';
import { stepUpIntents } from '../../src/alexa/step-up-intents';
import { createStepUpSpeech } from '../../src/alexa/step-up-speech';
import type { CodeLength } from '../../src/step-up/code';
import { propose } from '../../src/step-up/propose';
import { doors, type Opening, opening } from './opening';

export function createConversation(codeLength: CodeLength): Conversation<Opening> {
  const speech = createStepUpSpeech<Opening>(codeLength, {
    skill: 'My Garage',
    describe: opening.describe,
    order: ({ door }) => `order to open the ${door} door`,
    held: ({ door }) => `I can open the ${door} door for you.`,
    withoutCode: 'The door stays closed.',
    tooLateToCancel: 'You can close the door by hand.',
    skilledIn: 'open a door of the garage',
    example: 'open the left door',
  });
  const { launch, authorize, common } = stepUpIntents(speech);
  const open: Intent<Opening> = async (services, exchange) => {
    const request = turnOf(services, exchange);
    const meant = valuesOf(exchange.slots.Door).flatMap(meaningsOf);
    const door = doors.find((name) => meant.includes(name));
    if (!door) return ask('There is a left and a right door.', 'Which one shall I open?');
    const order = { ...request, asked: door, termsOf: async () => ({ door }), via: 'voice' as const };
    return speech.placed(await propose(services, order));
  };
  return { launch, intents: { OpenDoorIntent: open, AuthorizeOpeningIntent: authorize, ...common }, speech };
}
