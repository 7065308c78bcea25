import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * How long a connection that has brought no whole request is waited for. A server that closes waits for ever: browsers open connections
 * ahead of what they may ask, and anybody may send half a request.
 */
const lingerMs = 2_000;

/**
 * Lets a server listen.
 * @param port 0 takes a free one
 * @returns the port, and the ways to stop; the last two resolve when every connection has ended
 * @throws the server's error when the port is taken (`code` EADDRINUSE, `port`)
 */
export async function listen(server: Server, port: number, host?: string) {
  const underWay = new Map<ServerResponse, IncomingMessage>();
  let isDraining = false;
  let isLate = false;
  server.prependListener('request', (req: IncomingMessage, res: ServerResponse) => {
    if (isDraining) endConnection(res);
    underWay.set(res, req);
    res.on('close', () => {
      underWay.delete(res);
      if (!server.listening) endQuietOnes();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');

  function drain(): void {
    isDraining = true;
    for (const res of underWay.keys()) endConnection(res);
  }

  function endQuietOnes(): void {
    server.closeIdleConnections();
    if (!isLate) return;
    for (const req of underWay.values()) if (!req.complete) req.destroy();
    if (underWay.size === 0) server.closeAllConnections();
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
