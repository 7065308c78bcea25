import { join } from 'node:path';
import type { v1 } from 'ask-smapi-model';
import { readInteractionModel, type SlotModel, type SlotTypeValue } from '../../local/echo/interaction-model';
import { seller, sizeEntries, toppingEntries } from '../../src/orders/menu';
import type { CodeLength } from '../../src/step-up/code';

/** The languages of the skill. POD speaks one English: the models differ in what Alexa offers there. */
export const locales = ['en-US', 'en-GB', 'en-CA', 'en-AU', 'en-IN'] as const;
export type Locale = (typeof locales)[number];

/** A file for the JSON Editor of Amazon's console, and for `ask deploy`. */
export type ModelFile = v1.skill.interactionModel.InteractionModelData;

/** Where Alexa takes several values in one slot ("Collect Multiple Values in a Slot"); elsewhere POD splits one text. */
const severalValues: readonly Locale[] = ['en-US', 'en-GB', 'en-CA', 'en-AU'];

const root = join(__dirname, '..', '..');

/**
 * The interaction models in Amazon's format of today, from the three texts in src/alexa; what is on the menu is as
 * src/orders/menu.json has it.
 * @throws Error when the texts do not fit one another
 */
export function createInteractionModels(codeLength: CodeLength): Map<Locale, ModelFile> {
  const directory = join(root, 'src', 'alexa', codeLength === 4 ? '' : 'six-digits');
  const model = readInteractionModel(directory, seller.name.toLowerCase());
  const onTheMenu: Readonly<Record<string, MenuEntries>> = {
    PIZZA_SIZE: sizeEntries,
    PIZZA_TOPPINGS: toppingEntries,
  };
  const { invocationName } = model;
  const types = [...model.types].map(([name, values]) => {
    const entries = onTheMenu[name];
    return { name, values: entries ? fromMenu(entries) : values.map(fromText) };
  });
  const samplesOf = (name: string) =>
    model.samples.filter(({ intent }) => intent === name).map(({ words }) => words.join(' '));
  const intents = [...model.intents].map(([name, slots]) => ({ name, slots, samples: samplesOf(name) }));
  const modelFor = (locale: Locale): ModelFile => {
    const localIntents = intents.map(({ slots, ...intent }) => ({
      ...intent,
      slots: slots.map((slot) => slotFor(locale, slot)),
    }));
    return { interactionModel: { languageModel: { invocationName, intents: localIntents, types } } };
  };
  return new Map(locales.map((locale) => [locale, modelFor(locale)]));
}

type MenuEntries = Readonly<Record<string, { words: readonly string[] }>>;

function slotFor(locale: Locale, { name, type, multipleValues }: SlotModel) {
  return { name, type, ...(multipleValues && severalValues.includes(locale) && { multipleValues }) };
}

function fromMenu(entries: MenuEntries) {
  return Object.entries(entries).map(([name, { words }]) => typeValue(name, name, words));
}

function fromText({ id, name, synonyms }: SlotTypeValue) {
  return typeValue(id, name, synonyms);
}

/** Amazon's schema wants a synonym at least: a value that has none is its own. */
function typeValue(id: string, value: string, synonyms: readonly string[]) {
  return { id, name: { value, synonyms: synonyms.length > 0 ? [...synonyms] : [value.toLowerCase()] } };
}
