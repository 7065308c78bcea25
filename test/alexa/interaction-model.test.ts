import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sizesIn, toppingsIn } from '../../src/alexa/menu-slots';
import { createPizzaConversation } from '../../src/alexa/pizza-conversation';
import { parseSpokenCode } from '../../src/alexa/spoken-code';
import { sizeEntries, toppingEntries } from '../../src/orders/menu';
import { createCodeBook } from '../fixtures/code-book';

const read = (name: string) => readFileSync(`src/alexa/${name}`, 'utf8');
const schema: { intents: { intent: string; slots?: { name: string; type: string }[] }[] } = JSON.parse(
  read('IntentSchema.json'),
);
const samples = read('SampleUtterances.txt')
  .split('\n')
  .filter(Boolean)
  .map((line) => {
    const [name = '', ...words] = line.split(' ');
    return { intent: name, text: words.join(' ') };
  });
const types = Object.fromEntries(
  read('CustomSlotTypes.txt')
    .trim()
    .split(/\n\n+/)
    .map((block) => {
      const [type = '', ...lines] = block.split('\n');
      const values = lines.map((line) => {
        const [value = '', synonyms = ''] = line.split(':');
        return {
          value: value.trim(),
          synonyms: synonyms
            .split(',')
            .map((word) => word.trim())
            .filter(Boolean),
        };
      });
      return [type, values];
    }),
);

const { passwordless } = createCodeBook();

describe('the interaction model', () => {
  it('has exactly the intents that the skill handles', () => {
    expect(schema.intents.map(({ intent }) => intent).sort()).toEqual(
      Object.keys(createPizzaConversation({ codeLength: 4, passwordless }).intents).sort(),
    );
  });

  it('is the same for six digits, but for six slots of a digit each in the place of the code', () => {
    const names = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth'];
    const slots = names.map((name) => ({ name, type: 'CODE_DIGIT' }));
    const intents = schema.intents.map((entry) =>
      entry.intent === 'AuthorizePizzaOrderIntent' ? { ...entry, slots } : entry,
    );
    expect(JSON.parse(read('six-digits/IntentSchema.json'))).toEqual({ intents });
    expect(read('six-digits/SampleUtterances.txt')).toBe(
      read('SampleUtterances.txt').replaceAll('{Code}', names.map((name) => `{${name}}`).join(' ')),
    );
    const [same, digits] = read('six-digits/CustomSlotTypes.txt').split('\nCODE_DIGIT\n');
    expect(same).toBe(read('CustomSlotTypes.txt'));
    const words = (digits ?? '')
      .trim()
      .split('\n')
      .map((line) => line.split(/[:,] */));
    for (const [digit, named] of words.entries()) {
      for (const word of named) expect(parseSpokenCode(`${word} `.repeat(6), 6)).toBe(`${digit}`.repeat(6));
    }
    expect(words).toHaveLength(10);
  });

  it('has samples for every intent of its own, and for others of its schema besides what Amazon knows', () => {
    const names = schema.intents.map(({ intent }) => intent);
    const sampled = new Set(samples.map(({ intent }) => intent));
    expect(names).toEqual(expect.arrayContaining([...sampled]));
    expect(names.filter((name) => !sampled.has(name) && !name.startsWith('AMAZON.'))).toEqual([]);
    expect([...sampled]).not.toContain('AMAZON.FallbackIntent');
  });

  it('declares every slot that a sample names, and every slot’s type', () => {
    for (const { intent, text } of samples) {
      const declared =
        schema.intents.find((entry) => entry.intent === intent)?.slots?.map(({ name }) => name) ?? [];
      for (const [, slot] of text.matchAll(/\{(\w+)\}/g)) expect(declared).toContain(slot);
    }
    for (const { type } of schema.intents.flatMap(({ slots = [] }) => slots)) {
      expect(type.startsWith('AMAZON.') || type in types).toBe(true);
    }
  });

  it('repeats no sample, and has only characters that Alexa takes: small letters, and no digit', () => {
    expect(new Set(samples.map(({ text }) => text)).size).toBe(samples.length);
    for (const { text } of samples) {
      expect(text).toMatch(/^(\{[A-Z][a-z]+\}|[a-z']+)( (\{[A-Z][a-z]+\}|[a-z']+))*$/);
      expect(text.length).toBeLessThanOrEqual(200);
    }
  });

  it('names no slot twice in a sample, and has a slot alone only where it has a type of its own, or is the code', () => {
    for (const { intent, text } of samples) {
      const slots = [...text.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot);
      expect(new Set(slots).size, text).toBe(slots.length);
      const [alone] = text === `{${slots[0]}}` ? slots : [];
      const type = schema.intents
        .find((entry) => entry.intent === intent)
        ?.slots?.find(({ name }) => name === alone)?.type;
      if (alone !== 'Code') expect(type ?? '', text).not.toMatch(/^AMAZON/);
    }
  });

  it('means one value by each word of a type, and has each type in use', () => {
    const used = new Set(schema.intents.flatMap(({ slots = [] }) => slots.map(({ type }) => type)));
    for (const [type, values] of Object.entries(types)) {
      const words = values.flatMap(({ value, synonyms }) => [value.toLowerCase(), ...synonyms]);
      expect(new Set(words).size, type).toBe(words.length);
      for (const word of words) expect(word).toMatch(/^[a-z']+( [a-z']+)*$/);
      expect(used).toContain(type);
    }
  });

  it('has the phrases of the article', () => {
    const texts = samples.map(({ text }) => text);
    for (const phrase of [
      'get me a pizza',
      'get me a {Size} pizza with {Toppings}',
      'authorize order {Code}',
    ]) {
      expect(texts).toContain(phrase);
    }
    expect(texts.some((text) => text.startsWith('operation pizza is a go'))).toBe(true);
  });

  it('has the menu with the words people use, and every word means its entry to the skill', () => {
    const menuOf = (entries: object) =>
      Object.entries(entries).map(([name, { words }]) => ({ value: name, synonyms: words }));
    const known = (type: string) =>
      types[type]?.map(({ value, synonyms }) => ({ value: value.toLowerCase(), synonyms }));
    expect(known('PIZZA_SIZE')).toEqual(menuOf(sizeEntries));
    expect(known('PIZZA_TOPPINGS')).toEqual(menuOf(toppingEntries));
    for (const { value, synonyms } of menuOf(sizeEntries)) {
      for (const word of synonyms) expect(sizesIn({ name: 'Size', value: word }).known).toEqual([value]);
    }
    for (const { value, synonyms } of menuOf(toppingEntries)) {
      for (const word of synonyms) {
        expect(toppingsIn({ name: 'Toppings', value: word }).known).toEqual([value]);
      }
    }
  });
});
