import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How long a connection that has brought no whole request is waited for. Node waits for ever: browsers open connections ahead of what
 * they may ask.
 */
const lingerMs = 2_000;

/**
 * Lets a server listen.
 * @param port 0 takes a free one
 * @returns the port, and the ways to stop; the last two resolve when every connection has ended
 * @throws the server's error when the port is taken (`code` EADDRINUSE, `port`)
 */
export async function listen(server: Server, port: number, host?: string) {
  const underWay = new Set<ServerResponse>();
  let isDraining = false;
  let isLate = false;
  server.prependListener('request', (_req, res: ServerResponse) => {
    if (isDraining) endConnection(res);
    underWay.add(res);
    res.on('close', () => {
      underWay.delete(res);
      if (!server.listening) endQuietOnes();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');

  function drain(): void {
    isDraining = true;
    underWay.forEach(endConnection);
  }

  function endQuietOnes(): void {
    if (isLate && underWay.size === 0) server.closeAllConnections();
    else server.closeIdleConnections();
  }

  async function close(endConnections: () => void): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    endConnections();
    await closed;
  }

  return {
    port: (server.address() as AddressInfo).port,
    /** Ends each kept connection with its next answer, and serves on. */
    drain,
    /** Answers what is under way first. Node itself would serve a connection on for as long as its requests keep coming. */
    async finish(): Promise<void> {
      drain();
      const linger = setTimeout(() => {
        isLate = true;
        endQuietOnes();
      }, lingerMs);
      await close(endQuietOnes);
      clearTimeout(linger);
    },
    /** Breaks off what is under way. */
    cut: () => close(() => server.closeAllConnections()),
  };
}

function endConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}
