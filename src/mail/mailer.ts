import { createTransport } from 'nodemailer';
import type { MailFrom, MailServer } from '../mail-settings';

/** What is written to a customer. */
export interface Letter {
  subject: string;
  /** Plain text. */
  text: string;
}

/** A letter on its way. */
export interface Mail extends Letter {
  /** A mail with the same id is the same mail, whenever it is sent. */
  id: string;
  /** Its date, in milliseconds since the epoch. */
  at: number;
  to: string;
}

/** A mail that the server has not taken, as far as is known. */
export class NotSent extends Error {
  override readonly name = 'NotSent';

  /**
   * @param reason safe to log: it never holds the server's own words, which may quote the mailbox
   * @param isFinal whether this mailbox will never take it
   */
  constructor(
    readonly reason: string,
    readonly isFinal = false,
  ) {
    super(`The mail was not sent: ${reason}`);
  }
}

/** Together under the time that a notice is claimed for. Nodemailer's own wait for minutes. */
const patience = {
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  dnsTimeout: 5_000,
  socketTimeout: 10_000,
};

/** Needs neither quotes nor brackets in a header or an envelope (RFC 5322 §3.2.3): what else there is, is not written to. */
const plainMailbox = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/;

/** How POD reaches a mail server: each mail on a connection of its own, encrypted as the settings say. */
export function createMailTransport({ host, port, tls, credentials }: MailServer) {
  return createTransport({
    host,
    port,
    auth: credentials,
    secure: tls === 'first',
    requireTLS: tls === 'upgrade',
    ignoreTLS: tls === 'none',
    ...patience,
  });
}

/**
 * Makes the function that hands a mail over to the server, on a connection of its own.
 * @throws NotSent by the function: when the server is away, slow, or does not take it, and when `signal` aborts
 */
export function createMailer({ server, from }: { server: MailServer; from: MailFrom }) {
  const transport = createMailTransport(server);
  const [, domain] = from.address.split('@');

  return async ({ id, at, to, subject, text }: Mail, signal: AbortSignal): Promise<void> => {
    if (!plainMailbox.test(to)) throw new NotSent('a mailbox that needs quotes', true);
    try {
      await transport.sendMail({
        messageId: `<${id}@${domain}>`,
        date: new Date(at),
        from,
        // As an object it is one mailbox, whatever is in it.
        to: { name: '', address: to },
        subject,
        text,
        // Nobody's absence is answered to it (RFC 3834 §5).
        headers: { 'Auto-Submitted': 'auto-generated' },
        xMailer: false,
        disableFileAccess: true,
        disableUrlAccess: true,
        signal,
      });
    } catch (error) {
      throw notSent(error);
    }
  };
}

/** RFC 3463 §3.2 and §3.3: the recipient's address or mailbox, for good. Any other 5xx may be a setting that somebody mends. */
const mailboxFault = /^5\d\d[ -]5\.(1\.(1|2|3|6|10)|2\.[12])\b/;

function notSent(error: unknown): NotSent {
  const { code, responseCode, response } = Object(error) as Record<string, unknown>;
  const reason = [code, responseCode].filter((part) => /^[A-Z_]{1,30}$|^\d{3}$/.test(String(part))).join(' ');
  return new NotSent(reason || 'unknown', typeof response === 'string' && mailboxFault.test(response));
}
