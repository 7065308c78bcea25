/** What people say while they think, or to be kind. */
const fillers = new Set(
  'um uh uhm er erm ah hm hmm mm please kindly well hey hi hello ok okay so then actually maybe'.split(' '),
);

/** Words that Alexa does not need in order to tell one phrase from another, nor one value of a slot from another. */
const articles = new Set('a an the my some'.split(' '));

/** Two words in one. */
const shortened: Readonly<Record<string, string>> = {
  "n't": ' not',
  "'d": ' would',
  "'ll": ' will',
  "'m": ' am',
  "'re": ' are',
  "'s": ' is',
  "'ve": ' have',
};

/** A phrase without the words that carry nothing, and in full words, as Alexa's recogniser forgives the difference. */
export function withoutSmallWords(words: readonly string[]): string[] {
  return words.flatMap(inFull).filter((word) => word !== '' && !fillers.has(word) && !articles.has(word));
}

function inFull(word: string): string[] {
  const [ending = ''] = /n't$|'(?:d|ll|m|re|s|ve)$/.exec(word) ?? [];
  return word.replace(ending, shortened[ending] ?? '').split(' ');
}

/** A phrase without the politeness around a request: `could you … for me`. */
export function withoutPoliteness(words: readonly string[]): string[] {
  const phrase = words.join(' ');
  return phrase
    .replace(/^(?:can|could|would|will) you /, '')
    .replace(/ for me$/, '')
    .split(' ');
}
