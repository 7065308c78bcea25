import { randomUUID } from 'node:crypto';
import type { Channel } from '../../src/step-up/action';
import type { Clock } from '../../src/step-up/outside';
import type { StateFile } from './state-file';

/** A text message or mail that the tenant would have sent. */
export interface Message {
  id: string;
  channel: Channel;
  to: string;
  text: string;
  code: string;
  /** ISO 8601. */
  at: string;
}

const kept = 1000;

/** Where the tenant's text messages and mails end, newest first. */
export type Inbox = ReturnType<typeof createInbox>;

export function createInbox(file: StateFile<{ messages: Message[] }>, clock: Clock) {
  return {
    /** The newest messages, of everybody or of one number or mailbox. */
    messages(to?: string): Message[] {
      const { messages } = file.value;
      return to === undefined ? messages : messages.filter((message) => message.to === to);
    },

    async deliver(channel: Channel, to: string, code: string): Promise<void> {
      const text = `Your verification code is: ${code}`;
      const message = { id: randomUUID(), channel, to, text, code, at: new Date(clock()).toISOString() };
      file.value.messages = [message, ...file.value.messages.slice(0, kept - 1)];
      await file.save();
    },
  };
}
