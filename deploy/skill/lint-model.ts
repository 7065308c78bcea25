import type { ModelFile } from './interaction-model';

/**
 * What Amazon refuses in an interaction model although its schema lets it pass, one line each. Rules: "Choose the
 * Invocation Name for a Custom Skill", "Create Intents, Utterances, and Slots", and "Rules for Sample Utterances" there.
 */
export function lintModel(locale: string, { interactionModel }: ModelFile): string[] {
  const { invocationName = '', intents = [], types = [] } = interactionModel.languageModel;
  const ownTypes = new Set(types.map(({ name }) => name));
  const slots = intents.flatMap((intent) => (intent.slots ?? []).map((slot) => ({ intent, slot })));
  return [
    ...invocationFaults(invocationName),
    ...missingFrom(intents.map(({ name }) => name)),
    ...repeated(intents.map(({ name }) => name)).map((name) => `the intent ${name} is there twice`),
    ...repeated(types.map(({ name }) => name)).map((name) => `the slot type ${name} is there twice`),
    ...slots.flatMap(({ intent, slot }) => {
      const where = `${intent.name}, slot ${slot.name}`;
      const type = slot.type ?? '';
      return [
        ...(type.startsWith('AMAZON.') || ownTypes.has(type) ? [] : [`${where}: no slot type ${type}`]),
        ...(slot.multipleValues && locale === 'en-IN' ? [`${where}: no multiple values in en-IN`] : []),
      ];
    }),
    ...intents.flatMap(({ name = '', slots: declared = [], samples = [] }) => [
      ...(name === 'AMAZON.FallbackIntent' && samples.length > 0 ? [`${name} takes no samples`] : []),
      ...(samples.length === 0 && !name.startsWith('AMAZON.') ? [`${name} has no sample`] : []),
      ...samples.flatMap((sample) =>
        sampleFaults(
          sample,
          declared.map((slot) => slot.name ?? ''),
        ).map((fault) => `${name}, “${sample}”: ${fault}`),
      ),
    ]),
    ...repeated(intents.flatMap(({ samples = [] }) => samples)).map(
      (one) => `the sample “${one}” is there twice`,
    ),
  ];
}

const launchWords = /\b(alexa|amazon|echo|computer|skill|app|launch|ask|tell|load|begin|enable|open|start)\b/;
const connectingWords = /\b(to|from|by|in|using|with|about|for|that|if|when|whether|and)\b/;

function invocationFaults(name: string): string[] {
  const where = `the invocation name “${name}”`;
  if (!/^[a-z][a-z.']*( [a-z.']+)*$/.test(name)) {
    return [
      `${where} may have small letters, spaces, apostrophes and full stops alone (write numbers as words)`,
    ];
  }
  return [
    ...(name.length < 2 || name.length > 50 ? [`${where} must have from 2 to 50 letters`] : []),
    ...(name.includes(' ') ? [] : [`${where} must have two words, unless it is a brand of yours`]),
    ...[launchWords.exec(name), connectingWords.exec(name)].flatMap((found) =>
      found ? [`${where} may not have the word “${found[0]}”`] : [],
    ),
  ];
}

/** "Standard Built-in Intents": a skill without them fails certification. */
const needed = ['Help', 'Stop', 'Cancel', 'NavigateHome', 'Fallback'].map((name) => `AMAZON.${name}Intent`);

function missingFrom(names: readonly (string | undefined)[]): string[] {
  return needed.filter((name) => !names.includes(name)).map((name) => `${name} is missing`);
}

function sampleFaults(sample: string, declared: readonly string[]): string[] {
  const slots = [...sample.matchAll(/\{([^}]*)\}/g)].map(([, slot = '']) => slot);
  return [
    ...slots.filter((slot) => !declared.includes(slot)).map((slot) => `the intent has no slot ${slot}`),
    ...repeated(slots).map((slot) => `the slot ${slot} is there twice`),
    ...(/^[A-Za-z' .\-_]*$/.test(sample.replace(/\{\w+\}/g, ''))
      ? []
      : ['it has a character that Alexa does not take']),
    ...(sample.length > 200 ? ['it is longer than 200 characters'] : []),
  ];
}

function repeated(texts: readonly (string | undefined)[]): string[] {
  const seen = new Set<string>();
  return texts.flatMap((text = '') => {
    const key = text.toLowerCase();
    if (seen.has(key)) return [text];
    seen.add(key);
    return [];
  });
}
