import type { Draft } from './draft';

/** What one turn says. With a question the session stays open and Alexa repeats the question; without one it ends. */
export interface Reply {
  /** Plain text: it is escaped where it becomes SSML. */
  speech: string;
  question?: string;
  card?: Card;
  /** What was understood of a pizza so far, kept for the customer's next words. */
  draft?: Draft;
}

export type Card = { type: 'LinkAccount' } | { type: 'Simple'; title: string; content: string };
