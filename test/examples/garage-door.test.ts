import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConversation } from '../../examples/garage-door/conversation';
import { createGarage } from '../../examples/garage-door/create-garage';
import { type Opening, opening } from '../../examples/garage-door/opening';
import { readInteractionModel } from '../../local/echo/interaction-model';
import { createSqliteStore } from '../../src/stores/sqlite';
import { otherThan, phoebe, spoken, startTestSkill } from '../fixtures/local';
import type { OpenStore } from '../fixtures/step-up';
import { stepUpRaces } from '../step-up/step-up-races.contract';
import { stepUpRules } from '../step-up/step-up-rules.contract';

async function openInMemory(): Promise<OpenStore<Opening>> {
  const store = createSqliteStore(':memory:', opening);
  return { store, reopen: async () => store, dispose: () => store.close() };
}

const sample = { kind: opening, someTerms: [{ door: 'left' }, { door: 'right' }] } as const;
stepUpRules('memory, for a garage door', openInMemory, sample);
stepUpRaces('memory, for a garage door', openInMemory, sample);

describe('a garage door, by voice and code', () => {
  let opened: Opening[];
  let garage: Awaited<ReturnType<typeof startTestSkill<Opening>>>;

  beforeEach(async () => {
    opened = [];
    garage = await startTestSkill(createGarage(async (terms) => void opened.push(terms)));
    await garage.link(phoebe);
  });
  afterEach(() => garage.close());

  const ask = (text: string) => garage.ask(text);
  const code = () => garage.codeFor(phoebe.phoneNumber);

  it('opens once, and only when the code has confirmed it', async () => {
    expect(await ask('Alexa, ask My Garage to open the left door')).toContain('a code of four digits');
    expect(await ask(`${spoken(otherThan(code()))}`)).toContain('not the right code');
    expect(opened).toEqual([]);
    const authorize = `Alexa, tell My Garage to authorize order ${spoken(code())}`;
    expect(await ask(authorize)).toContain('is confirmed: opening the left door');
    await expect.poll(() => opened).toEqual([{ door: 'left' }]);
    expect(await ask(authorize)).toContain('already confirmed');
    expect(opened).toEqual([{ door: 'left' }]);
  });

  it('cannot be cancelled once it is open', async () => {
    await ask('ask my garage to open the left door');
    await ask(`tell my garage to authorize order ${spoken(code())}`);
    expect(await ask('tell my garage to cancel my order')).toContain('I can no longer cancel it');
    expect(await garage.orders()).toMatchObject([{ status: 'confirmed' }]);
  });

  it('asks which door, and takes the answer', async () => {
    expect(await ask('ask my garage to open the garage')).toContain('Which one');
    expect(await ask('the right hand one')).toContain('the right door');
    expect(await garage.orders()).toMatchObject([{ terms: { door: 'right' }, status: 'pending' }]);
  });

  it('stays closed after three wrong codes, for the right one too', async () => {
    await ask('ask my garage to open the right door');
    const wrong = spoken(otherThan(code()));
    for (const answer of ['2 tries left', 'one try left', 'The door stays closed.']) {
      expect(await ask(`tell my garage to authorize order ${wrong}`)).toContain(answer);
    }
    expect(await ask(`tell my garage to authorize order ${spoken(code())}`)).toContain('was refused');
    expect(opened).toEqual([]);
    expect(await garage.orders()).toMatchObject([{ status: 'refused' }]);
  });

  it('has the same intents in its model as in its code, and a type for each slot', () => {
    const { intents, types } = readInteractionModel('examples/garage-door', 'my garage');
    expect([...intents.keys()].sort()).toEqual(Object.keys(createConversation(4).intents).sort());
    for (const { type } of [...intents.values()].flat()) {
      expect([...types.keys(), 'AMAZON.FOUR_DIGIT_NUMBER']).toContain(type);
    }
  });

  it('understands all that it tells people to say', async () => {
    const phrases = ['authorize order 1234', 'send me another code', 'order status', 'where is my order'];
    for (const phrase of [...phrases, 'cancel my order', 'open the left door']) {
      expect(await ask(`ask my garage to ${phrase}`), phrase).not.toContain('did not get that');
    }
  });
});
