import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import pino, { stdSerializers } from 'pino';
import { loadAssets } from '../app/assets';
import { parseConfig } from '../config';
import { ConfigError } from '../settings-table';
import { readIfPresent } from './read-if-present';
import { startServer, stopOnSignal } from './server';

const secretsFile = join('src', 'runtimes', 'secrets.ini');

const noSecretsFile = `There is no ${secretsFile} in ${process.cwd()}: copy secrets.example.ini to make it, or set the environment.`;

void main();

async function main(): Promise<void> {
  // The environment may hold everything, as in a container.
  const secrets = readIfPresent(secretsFile);
  try {
    const config = parseConfig({ ...parse(secrets ?? ''), ...withoutBlank(process.env) });
    const log = pino({ level: config.logLevel, serializers: { err: stdSerializers.err } });
    if (isOpenToOthers(secretsFile)) {
      log.warn({ file: secretsFile }, 'others on this machine can read the secrets: chmod 600');
    }
    const server = await startServer({ config, assets: await loadAssets(join('build', 'client')), log });
    stopOnSignal(server, config);
  } catch (error) {
    const hint = error instanceof ConfigError && secrets === undefined ? `\n${noSecretsFile}` : '';
    process.stderr.write(`${explain(error)}${hint}\n`);
    process.exitCode = 1;
  }
}

/** A tool that hands on what it does not have must not hide what the file says. */
function withoutBlank(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
}

/** Where there are no such permissions, as on Windows, nobody is warned. */
function isOpenToOthers(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return process.platform !== 'win32' && (mode & 0o077) !== 0;
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port, path, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is in use: set PORT (or METRICS_PORT) to a free one.`;
  if (code === 'ENOENT') return `${path} is missing: run npm run build:server in POD's own folder first.`;
  return `POD could not start: ${message}`;
}
