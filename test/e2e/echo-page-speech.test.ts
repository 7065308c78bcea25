import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useOffice } from './browser-office';
import { conversation, openEcho, press, region, say } from './open-echo-page';

const office = useOffice();

/** A browser whose voice writes down what it says until it is told that it has said it, and that hears what the test says. */
const speakingBrowser = `
  const events = { spoken: [], hushed: 0, utterance: undefined, ears: undefined };
  window.heardByTest = events;
  const own = (name, value) => Object.defineProperty(window, name, { value, configurable: true });
  own('SpeechSynthesisUtterance', class extends EventTarget {
    constructor(text) { super(); this.text = text; }
  });
  own('speechSynthesis', {
    getVoices: () => [{ name: 'A voice' }],
    speak(utterance) { events.spoken.push(utterance.text); events.utterance = utterance; },
    cancel() { events.hushed += 1; },
  });
  own('SpeechRecognition', class extends EventTarget {
    start() { events.ears = this; }
    abort() { this.end({ error: 'aborted' }); }
    end({ error, text }) {
      if (error) this.dispatchEvent(Object.assign(new Event('error'), { error }));
      if (text) this.dispatchEvent(Object.assign(new Event('result'), { results: [[{ transcript: text }]] }));
      this.dispatchEvent(new Event('end'));
    }
  });
`;

async function openSpeaking(script: string) {
  const { at, page, context } = await openEcho(office);
  await context.addInitScript(script);
  await page.reload();
  return { at, page };
}

const spoken = (page: Page) => page.evaluate('heardByTest.spoken') as Promise<string[]>;
const finish = (page: Page) => page.evaluate(`heardByTest.utterance.dispatchEvent(new Event('end'))`);
const hear = (page: Page, what: { error?: string; text?: string }) =>
  page.evaluate(`heardByTest.ears.end(${JSON.stringify(what)})`);

it('hears what is spoken and says what Alexa answers, and either can be stopped', async () => {
  const { page } = await openSpeaking(speakingBrowser);
  await press(page, 'Speak');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await hear(page, { text: 'open pizza on demand' });
  await conversation(page).locator('.said').getByText('open pizza on demand').waitFor();
  await expect.poll(() => spoken(page)).toEqual([expect.stringContaining('please link your account')]);

  await press(page, 'Speak');
  await press(page, 'Stop');
  await page.getByRole('button', { name: 'Speak' }).waitFor();
  expect(await conversation(page).locator('.said').count()).toBe(1);
  await finish(page);

  await page.getByLabel('Voice').uncheck();
  await say(page, 'help', 'you can say');
  expect(await spoken(page)).toHaveLength(1);
  expect(Number(await page.evaluate('heardByTest.hushed'))).toBeGreaterThan(0);
});

it('says what to do when it cannot hear, and hears the next time', async () => {
  const { page } = await openSpeaking(speakingBrowser);
  const faults = {
    'not-allowed': 'may not use the microphone',
    'service-not-allowed': 'Please type',
    'audio-capture': 'There is no microphone',
    network: 'cannot be reached',
    'something new': 'could not hear you',
  };
  for (const [error, words] of Object.entries(faults)) {
    await press(page, 'Speak');
    await hear(page, { error });
    await page.getByRole('alert').getByText(words).waitFor();
  }
  await press(page, 'Speak');
  await hear(page, { text: 'open pizza on demand' });
  await conversation(page).getByText('please link your account').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

it('offers neither voice nor microphone in a browser without them, and works', async () => {
  const without = `for (const name of ['speechSynthesis', 'SpeechSynthesisUtterance', 'SpeechRecognition', 'webkitSpeechRecognition'])
    Object.defineProperty(window, name, { value: undefined });`;
  const { page } = await openSpeaking(without);
  await say(page, 'open pizza on demand', 'please link your account');
  expect(await page.getByLabel('Voice').count()).toBe(0);
  expect(await region(page, 'The Echo').getByRole('button').allTextContents()).not.toContain('Speak');
});
