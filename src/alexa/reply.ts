/** What an exchange says. Asking keeps the session open, and Alexa repeats the question; telling ends it. */
export type Reply = Asking | Telling;

interface Said {
  /** Plain text: it is escaped where it becomes SSML. */
  speech: string;
  card?: Card;
}

export type Asking = Said & {
  question: string;
  /** What Alexa says when there is silence; the question if absent. */
  reprompt?: string;
  /** What the skill has to know when the answer comes, as JSON: it travels in Alexa's session attributes. */
  draft?: unknown;
  /** The step that was taken refuses who is locked: nobody needs to look again. */
  isPastLock?: true;
  /** The order whose code is waited for: whoever approves it elsewhere is told at the next word. Kept like a draft. */
  awaits?: string;
  /** What a yes means, by a word of the skill's. A yes to the next question does not mean it any more. */
  offer?: string;
};

type Telling = Said & {
  question?: never;
  reprompt?: never;
  draft?: never;
  isPastLock?: never;
  awaits?: never;
  offer?: never;
};

export type Card = { type: 'LinkAccount' } | { type: 'Simple'; title: string; content: string };

/** Says something, and then asks. */
export function ask(statement: string, question: string): Asking {
  return { speech: `${statement} ${question}`, question };
}

/** Says something, and lets the customer go. */
export function tell(speech: string, card?: Card): Telling {
  return { speech, card };
}

/** The reply, and what was understood of a pizza before is forgotten. */
export function afresh(reply: Reply): Reply {
  return { ...reply, draft: undefined };
}

/** The reply after another sentence, if there is one. */
export function after(before: string, reply: Reply): Reply {
  return before ? { ...reply, speech: `${before} ${reply.speech}` } : reply;
}
