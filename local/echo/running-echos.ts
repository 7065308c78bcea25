import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface RunningEcho {
  url: string;
  /** Milliseconds since the epoch. */
  since: number;
}

/** Where it is does not depend on POD_DATA_DIR, which whoever looks for an Echo may not know. npm runs commands in this folder. */
const directory = join(process.cwd(), '.pod', 'running');
const fileOf = (pid: number) => join(directory, `${pid}.json`);

/**
 * Writes down where the Echo of this process is, so that `npm run say` finds it whatever its port.
 * @returns how to take that back
 */
export async function announceEcho(url: string): Promise<() => Promise<void>> {
  const echo: RunningEcho = { url, since: Date.now() };
  await mkdir(directory, { recursive: true });
  await writeFile(fileOf(process.pid), JSON.stringify(echo));
  return () => rm(fileOf(process.pid), { force: true });
}

/** The addresses of the Echos that run, the newest first. What a killed process has left behind is removed. */
export async function listRunningEchos(): Promise<string[]> {
  const files = await readdir(directory).catch(() => []);
  const echos = await Promise.all(files.map((name) => readEcho(Number.parseInt(name, 10))));
  return echos
    .flatMap((echo) => echo ?? [])
    .sort((a, b) => b.since - a.since)
    .map(({ url }) => url);
}

async function readEcho(pid: number): Promise<RunningEcho | undefined> {
  if (!isRunning(pid)) {
    await rm(fileOf(pid), { force: true });
    return undefined;
  }
  try {
    const echo: RunningEcho = JSON.parse(await readFile(fileOf(pid), 'utf8'));
    // Whatever else stands there, what is said is said to this machine only.
    return /^http:\/\/localhost:\d{1,5}$/.test(echo.url) ? echo : undefined;
  } catch {
    // It ended meanwhile, or is being written.
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
