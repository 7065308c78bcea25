import { randomUUID } from 'node:crypto';
import type { Channel } from '../../src/step-up/action';
import type { Clock } from '../../src/step-up/outside';
import type { StateFile } from './state-file';

/** A text message or mail that the tenant would have sent, or a mail of the app's. */
export interface Message {
  id: string;
  channel: Channel;
  to: string;
  /** Of the app's mails alone. */
  subject?: string;
  text: string;
  /** Of the tenant's own messages alone. */
  code?: string;
  /** ISO 8601. */
  at: string;
}

const keptAtMost = 1000;

/**
 * The message that brings a code, as docs/code-message.md has its template. The link is the same for everybody. The last line binds
 * the code to the page's host, so that phones offer it there and nowhere else (https://wicg.github.io/sms-one-time-codes/).
 */
function codeMessage(code: string, page: string | undefined): string {
  const text = `Your verification code is: ${code}`;
  if (!page) return text;
  return `${text}\nSee what it confirms, and approve it: ${page}\n\n@${new URL(page).hostname} #${code}`;
}

/** Where the tenant's text messages and mails end, newest first. */
export type Inbox = ReturnType<typeof createInbox>;

export function createInbox(file: StateFile<{ messages: Message[] }>, clock: Clock) {
  async function keep(message: Omit<Message, 'id' | 'at'>): Promise<void> {
    const kept = { id: randomUUID(), ...message, at: new Date(clock()).toISOString() };
    file.value.messages = [kept, ...file.value.messages.slice(0, keptAtMost - 1)];
    await file.save();
  }

  return {
    /** The newest messages, of everybody or of one number or mailbox. */
    messages(to?: string): Message[] {
      const { messages } = file.value;
      return to === undefined ? messages : messages.filter((message) => message.to === to);
    },

    /** @param page where the message leads; nowhere if absent */
    deliver: (channel: Channel, to: string, code: string, page?: string) =>
      keep({ channel, to, text: codeMessage(code, page), code }),

    deliverMail: (mail: { to: string; subject: string; text: string }) => keep({ channel: 'email', ...mail }),
  };
}
