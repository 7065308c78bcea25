/** What an exchange says. Asking keeps the session open, and Alexa repeats the question; telling ends it. */
export type Reply = Asking | Telling;

interface Said {
  /** Plain text: it is escaped where it becomes SSML. */
  speech: string;
  card?: Card;
}

type Asking = Said & {
  question: string;
  /** What the skill has to know when the answer comes, as JSON: it travels in Alexa's session attributes. */
  draft?: unknown;
};

type Telling = Said & { question?: never; draft?: never };

export type Card = { type: 'LinkAccount' } | { type: 'Simple'; title: string; content: string };

/** Says something, and then asks. */
export function ask(statement: string, question: string): Asking {
  return { speech: `${statement} ${question}`, question };
}

/** Says something, and lets the customer go. */
export function tell(speech: string, card?: Card): Telling {
  return { speech, card };
}
