import { createEchoClient, type EchoClient } from './echo-client';
import { listRunningEchos } from './running-echos';

const usualPort = 7102;

/**
 * The Echo to talk to: the one at ECHO_PORT if that is set, or else the one that was started last.
 * @returns a client of it; that no Echo is there, its methods say
 */
export async function findEcho({ ECHO_PORT: port }: NodeJS.ProcessEnv): Promise<EchoClient> {
  if (port) return createEchoClient(`http://localhost:${port}`);
  const [newest = `http://localhost:${usualPort}`] = await listRunningEchos();
  return createEchoClient(newest);
}
