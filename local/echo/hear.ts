/** What an utterance is to a device, before the skill's own model is asked. */
export type Heard =
  | { kind: 'launch' }
  /** Says the invocation name: begins a session of its own, with this phrase. */
  | { kind: 'one-shot'; words: readonly string[] }
  | { kind: 'phrase'; words: readonly string[] }
  | { kind: 'exit' };

const openers = 'open|launch|start|begin|run|load|resume|use|enable|talk to|speak to|ask|tell';
const joints = 'to|and|for|that|about|if|whether';

/** Takes what was said apart from how the skill was called: `Alexa, ask pizza on demand to …`, `… from pizza on demand`. */
export function hear(utterance: string, invocationName: string): Heard {
  const spoken = normalise(utterance);
  const [, called] = new RegExp(`^(?:${openers}) ${invocationName}\\b ?,? ?(.*)$`).exec(spoken) ?? [];
  if (called === '') return { kind: 'launch' };
  // "ask pizza on demand for a pizza": "for" belongs to a phrase of its own, so it stays when a noun follows.
  if (called)
    return {
      kind: 'one-shot',
      words: called.replace(new RegExp(`^(?!for an? )(?:${joints}) `), '').split(' '),
    };
  const [, asked] = new RegExp(`^(.+?) (?:from|with|using|by|via|on) ${invocationName}$`).exec(spoken) ?? [];
  if (asked) return { kind: 'one-shot', words: asked.split(' ') };
  if (/^(exit|quit)$/.test(spoken)) return { kind: 'exit' };
  return { kind: 'phrase', words: spoken.split(' ') };
}

function normalise(utterance: string): string {
  return utterance
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[.!?;:"\p{Pd}]/gu, ' ')
    .replaceAll(',', ' , ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^alexa\b ?,? ?/, '')
    .replace(/^please ,? ?/, '')
    .replace(/ ?,? please$/, '');
}
