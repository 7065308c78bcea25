import type { Card } from './reply';

/** The answer to Alexa (Alexa Skills Kit, "Request and Response JSON Reference"). */
export interface AlexaResponse {
  version: '1.0';
  sessionAttributes?: Record<string, unknown>;
  response: {
    outputSpeech?: OutputSpeech;
    reprompt?: { outputSpeech: OutputSpeech };
    card?: Card;
    shouldEndSession?: boolean;
  };
}

interface OutputSpeech {
  type: 'SSML';
  ssml: string;
}

const maxSpeechLength = 8_000;
const maxResponseBytes = 24_000;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as it may stand inside `<speak>`: one character that is not XML 1.0 makes Alexa refuse the whole answer. */
export function escapeSsml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * The response as it is sent, in JSON, if Alexa will take it.
 * @throws Error for what Alexa would answer with "there was a problem": too long, or a question that is not repeated
 */
export function formatResponse(answer: AlexaResponse): string {
  const { outputSpeech, reprompt, shouldEndSession } = answer.response;
  for (const speech of [outputSpeech, reprompt?.outputSpeech]) {
    if (speech && speech.ssml.length > maxSpeechLength) throw new Error('The speech is too long for Alexa.');
  }
  if (shouldEndSession === false && !reprompt) throw new Error('The session stays open without a reprompt.');
  const json = JSON.stringify(answer);
  if (Buffer.byteLength(json) >= maxResponseBytes) throw new Error('The response is too large for Alexa.');
  return json;
}

/** The only answer that SessionEndedRequest, events and unknown requests may get. An empty body is not one. */
export const emptyResponse = formatResponse({ version: '1.0', response: {} });
