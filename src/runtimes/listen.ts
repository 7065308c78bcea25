import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Lets a server listen.
 * @param port 0 takes a free one
 * @returns the port, and the two ways to stop; both resolve when every connection has ended
 * @throws the server's error when the port is taken (`code` EADDRINUSE, `port`)
 */
export async function listen(server: Server, port: number, host?: string) {
  server.listen(port, host);
  await once(server, 'listening');
  async function close(endConnections: () => void): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    endConnections();
    await closed;
  }
  return {
    port: (server.address() as AddressInfo).port,
    /** Answers what is under way first. */
    finish: () => close(() => server.closeIdleConnections()),
    /** Breaks off what is under way. */
    cut: () => close(() => server.closeAllConnections()),
  };
}
