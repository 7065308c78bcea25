import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pino from 'pino';
import { readIfPresent } from '../../src/runtimes/read-if-present';
import { readSettings } from '../../src/settings-table';
import { replaceFile } from '../replace-file';
import { localSettings } from '../settings';
import { createCluster } from './create-cluster';

void main();

async function main(): Promise<void> {
  try {
    const { webtask: port, dataDirectory, logLevel } = readSettings(localSettings, process.env);
    const directory = join(dataDirectory, 'webtask');
    const token = await openToken(join(directory, 'token'));
    const log = pino({ level: logLevel }, pino.destination(2));
    const cluster = await createCluster({ port, dataDirectory: directory, token, log });
    process.stdout.write(`A Webtask cluster for rehearsal is at ${cluster.url}. In another terminal:

  npx wt init --url ${cluster.url} --container wt-00000 --token ${token}
  npx wt create -n pod --secrets-file src/runtimes/secrets.ini build/bundle.js

wt init writes ~/.webtask: set HOME to another folder for both, to keep the one you have.
`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const text = code === 'EADDRINUSE' ? 'The port is in use: set WEBTASK_PORT to a free one.' : message;
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}

/** Made at the first start, and its owner's alone: whoever has it can run code here. */
async function openToken(path: string): Promise<string> {
  const kept = readIfPresent(path);
  if (kept !== undefined) return kept;
  const token = randomBytes(24).toString('hex');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, token);
  return token;
}
