import { join } from 'node:path';
import pino from 'pino';
import { readSettings } from '../../src/settings-table';
import { localSettings } from '../settings';
import { createCluster } from './create-cluster';

// Known to whoever reads this, and good for nothing but one's own machine: the cluster listens on loopback only.
const token = 'local-token';

void main();

async function main(): Promise<void> {
  try {
    const { webtask: port, dataDirectory, logLevel } = readSettings(localSettings, process.env);
    const log = pino({ level: logLevel }, pino.destination(2));
    const cluster = await createCluster({ port, dataDirectory: join(dataDirectory, 'webtask'), token, log });
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
