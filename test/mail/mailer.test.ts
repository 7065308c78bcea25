import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMailer } from '../../src/mail/mailer';
import type { MailServer } from '../../src/mail-settings';
import { startMailServer } from '../fixtures/mail-server';

const patient = new AbortController().signal;
const from = { name: 'Pizza on Demand', address: 'orders@pod.example' };
const mail = { id: 'a1', at: 0, to: 'phoebe@example.com', subject: 'Hello', text: 'Hello, Phoebe.\n' };

async function start(options: SMTPServerOptions = {}) {
  const server = await startMailServer(options);
  onTestFinished(() => server.stop());
  const mailer = (settings: Partial<MailServer> = {}, sender = from) =>
    createMailer({
      server: { host: '127.0.0.1', port: server.port, tls: 'none', ...settings },
      from: sender,
    });
  return { server, mailer };
}

describe('a mail', () => {
  it.each([
    ['subject', { subject: 'Hello\r\nBcc: eve@example.com\r\n\r\nBuy this' }],
    ['id', { id: 'a1>\r\nBcc: eve@example.com' }],
    ['text', { text: 'Hello.\r\n.\r\nMAIL FROM:<eve@example.com>\r\nRCPT TO:<eve@example.com>\r\nDATA\r\n' }],
  ])('has no header and no recipient that its %s brings along', async (_part, hostile) => {
    const { server, mailer } = await start();
    await mailer()({ ...mail, ...hostile }, patient);
    expect(server.taken.map(({ to }) => to)).toEqual([[mail.to]]);
    const [{ mail: taken } = expect.unreachable()] = server.taken;
    const known = ['from', 'to', 'subject', 'message-id', 'date', 'mime-version', 'content-type'];
    const others = ['auto-submitted', 'content-transfer-encoding'];
    for (const name of taken.headers.keys()) expect([...known, ...others]).toContain(name);
  });

  it('has no header that the name of its sender brings along', async () => {
    const { server, mailer } = await start();
    await mailer({}, { ...from, name: 'Pizza" <x@example.com>\r\nBcc: eve@example.com' })(mail, patient);
    const [{ mail: taken, to } = expect.unreachable()] = server.taken;
    expect(to).toEqual([mail.to]);
    expect(taken.headers.has('bcc')).toBe(false);
    expect(taken.from?.value.map(({ address }) => address)).toEqual([from.address]);
  });

  it('keeps its lines and what is not ASCII', async () => {
    const { server, mailer } = await start();
    const text = `Grüße, ${'a'.repeat(2_000)}\n.\n..\nFrom here\n\n\tend 🍕\n`;
    await mailer()({ ...mail, subject: 'Grüße 🍕', text }, patient);
    expect(server.taken[0]?.mail).toMatchObject({ subject: 'Grüße 🍕', text });
  });

  it.each([
    'a,b@example.com',
    'Phoebe <phoebe@example.com>',
    '"a b"@example.com',
    'a;b@example.com',
    'a@b@example.com',
    'phoebe@example.com\r\nRCPT TO:<eve@example.com>',
    'team:a@example.com;',
    'phoebe',
  ])('goes to one plain mailbox, and not to %j', async (to) => {
    const { server, mailer } = await start();
    await expect(mailer()({ ...mail, to }, patient)).rejects.toMatchObject({ isFinal: true });
    expect(server.heard).toEqual([]);
  });
});

describe('a server elsewhere', () => {
  const credentials = { user: 'pod', pass: 'a password to look for' };

  it('hears no mail and no password when it offers no TLS', async () => {
    const { server, mailer } = await start();
    const sending = mailer({ tls: 'upgrade', credentials })(mail, patient);
    await expect(sending).rejects.toMatchObject({
      reason: expect.stringMatching(/^(ETLS|EPROTOCOL)/),
      isFinal: false,
    });
    expect(server.heard).toEqual(['connect']);
  });

  it.each<[MailServer['tls'], SMTPServerOptions]>([
    ['upgrade', { disabledCommands: [] }],
    ['first', { secure: true }],
  ])('hears neither when nobody vouches for its certificate: %s', async (tls, options) => {
    const { server, mailer } = await start(options);
    const sending = mailer({ tls, credentials })(mail, patient);
    await expect(sending).rejects.toMatchObject({ reason: expect.any(String), isFinal: false });
    expect(server.heard).not.toContain('auth');
    expect(server.taken).toEqual([]);
  });

  it('is given the credentials, and named by no more than a code when it does not like them', async () => {
    const { server, mailer } = await start();
    await mailer({ credentials })(mail, patient);
    expect(server.heard.slice(0, 2)).toEqual(['connect', 'auth']);
    server.failAt('auth', '535 5.7.8 pod: a password to look for is wrong');
    await expect(mailer({ credentials })(mail, patient)).rejects.toMatchObject({
      message: 'The mail was not sent: EAUTH 535',
      isFinal: false,
    });
  });
});

it('closes its connection when it is broken off', async () => {
  const { server, mailer } = await start();
  server.failAt('data', 'hang');
  const breakOff = new AbortController();
  server.watch((stage) => {
    if (stage === 'data') breakOff.abort();
  });
  await expect(mailer()(mail, breakOff.signal)).rejects.toMatchObject({ reason: 'EABORT' });
  await expect.poll(() => server.connections()).toBe(0);
});
