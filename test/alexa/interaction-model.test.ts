import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSizeSlot, parseToppingsSlot } from '../../src/alexa/menu-slots';
import { createPizzaConversation } from '../../src/alexa/pizza-conversation';
import { parseSpokenCode } from '../../src/alexa/spoken-code';
import { sizes, toppings } from '../../src/orders/menu';

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

describe('the interaction model', () => {
  it('has exactly the intents that the skill handles', () => {
    expect(schema.intents.map(({ intent }) => intent).sort()).toEqual(
      Object.keys(createPizzaConversation(4).intents).sort(),
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

  it('has samples for every intent of its own, and for no other', () => {
    const own = schema.intents.map(({ intent }) => intent).filter((name) => !name.startsWith('AMAZON.'));
    expect([...new Set(samples.map(({ intent }) => intent))].sort()).toEqual(own.sort());
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

  it('repeats no sample, and has only characters that Alexa takes', () => {
    expect(new Set(samples.map(({ text }) => text)).size).toBe(samples.length);
    for (const { text } of samples) expect(text).toMatch(/^[a-zA-Z' {}]+$/);
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

  it('has the menu, and every synonym means its entry to the skill', () => {
    const words = (type: string) => (types[type] ?? []).map(({ value }) => value.toLowerCase());
    expect(words('PIZZA_SIZE')).toEqual([...sizes]);
    expect(words('PIZZA_TOPPINGS')).toEqual([...toppings]);
    for (const { value, synonyms } of types.PIZZA_SIZE ?? []) {
      for (const word of synonyms)
        expect(parseSizeSlot({ name: 'Size', value: word })).toBe(value.toLowerCase());
    }
    for (const { value, synonyms } of types.PIZZA_TOPPINGS ?? []) {
      for (const word of synonyms) {
        expect(parseToppingsSlot({ name: 'Toppings', value: word })).toEqual([value.toLowerCase()]);
      }
    }
  });
});
