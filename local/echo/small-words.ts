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

const verbs = 'get|have|order|buy|try|grab|take|place order for|put in order for|make order for';
const begins = [
  `(?:can|could|may|might) (?:i|we) (?:${verbs})`,
  `(?:(?:i|we) (?:think|guess) )?(?:i|we) (?:want|need|fancy|would (?:like|love)|am going|are going|could go for)(?: to (?:${verbs}))?`,
  `(?:(?:i|we) (?:think|guess) )?(?:i|we) (?:will|would) (?:${verbs})`,
  `let (?:me|us|is) (?:${verbs})`,
  '(?:just )?(?:get|have|order|buy|bring|give|send|deliver|fetch|grab|make|bake|cook|pick up)(?: me| us)?',
  '(?:place|put in|make) order for',
  '(?:hook|set) (?:me|us) up with',
  'i am calling to order',
];
const beginning = new RegExp(`^(?:${begins.join('|')}) `);

/** A request in the words of the first one that people learn, for Alexa takes `i would like …` for `get me …`; none if it begins otherwise. */
export function asGetMe(words: readonly string[]): string[] | undefined {
  const phrase = words.join(' ');
  return beginning.test(phrase) ? phrase.replace(beginning, 'get me ').split(' ') : undefined;
}
