import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

interface ArrivedMail {
  to: string;
  subject: string;
  text: string;
}

/**
 * Starts a mail server on a free port of 127.0.0.1. It takes mail for everybody, and passes it on to nobody.
 * @param deliver where each mail ends. The mail is acknowledged when that is done
 */
export async function createMailServer(deliver: (mail: ArrivedMail) => Promise<void>) {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData(stream, { envelope }, acknowledge) {
      simpleParser(stream)
        .then(async ({ subject = '', text = '' }) => {
          for (const { address: to } of envelope.rcptTo) await deliver({ to, subject, text });
        })
        .then(() => acknowledge(), acknowledge);
    },
  });
  // A client that goes away amid a mail is no fault of this process.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
