import { describe, expect, it } from 'vitest';
import { createPizzaSpeech } from '../../src/alexa/pizza-speech';
import { escapeSsml, formatResponse } from '../../src/alexa/response';
import { type RefusalCode, refusalTraits } from '../../src/step-up/refusal';
import { customerOf, pendingOrder } from '../fixtures/orders';

const pizzaSpeech = createPizzaSpeech(4);
const action = pendingOrder({
  customerId: customerOf('auth0|secret-customer'),
  terms: { size: 'large', toppings: ['pepperoni', 'black olives'] },
  attempts: 1,
  delivery: { channel: 'sms', maskedContact: '•••• 0199' },
});

describe('what is said of a refusal', () => {
  it.each(Object.keys(refusalTraits) as RefusalCode[])(
    '%s is a sentence, with a question exactly when it waits',
    (code) => {
      for (const attemptsLeft of [1, 2]) {
        const lastOne = attemptsLeft === 1 ? 'locks' : 'refuses';
        const details = { action, attemptsLeft, lastOne, retryAfterSeconds: 90 } as const;
        const { speech, question } = pizzaSpeech.refusals[code](details, 'https://pod.example/app/');
        expect(speech.length).toBeGreaterThan(20);
        expect(speech.length).toBeLessThan(500);
        expect(speech).not.toMatch(/undefined|NaN|\[object|auth0\||0199|_/);
        if (question === undefined) expect(speech).not.toContain('?');
        else expect(speech.endsWith(question)).toBe(true);
      }
    },
  );
});

describe('SSML', () => {
  it('is escaped, and free of what XML does not allow', () => {
    expect(escapeSsml(`a & b <c> "d" 'e'`)).toBe('a &amp; b &lt;c&gt; &quot;d&quot; &apos;e&apos;');
    expect(escapeSsml('it&apos;s')).toBe('it&amp;apos;s');
    expect(escapeSsml('a\u0000b\u001Fc\uFFFEd\uD800e')).toBe('abcde');
    expect(escapeSsml('pizza 🍕')).toBe('pizza 🍕');
  });
});

describe('a response', () => {
  const speech = (ssml: string) => ({ outputSpeech: { type: 'SSML' as const, ssml } });

  it('is refused when it is too long for Alexa, or leaves a session open without a question', () => {
    const fine = {
      version: '1.0' as const,
      response: { ...speech('<speak>hi</speak>'), shouldEndSession: true },
    };
    expect(JSON.parse(formatResponse(fine))).toEqual(fine);
    const long = { ...fine, response: speech('x'.repeat(8_001)) };
    const large = { ...fine, sessionAttributes: { x: 'x'.repeat(24_000) } };
    const mute = { ...fine, response: { ...speech('<speak>hi</speak>'), shouldEndSession: false } };
    for (const answer of [long, large, mute]) expect(() => formatResponse(answer)).toThrow();
  });
});
