import { join } from 'node:path';
import pino from 'pino';
import { createCluster } from './create-cluster';

// Known to whoever reads this, and good for nothing but one's own machine: the cluster listens on loopback only.
const token = 'local-token';

void main();

async function main(): Promise<void> {
  const port = Number(process.env.WEBTASK_PORT || 9100);
  const dataDirectory = process.env.POD_DATA_DIR || join(__dirname, '..', '..', '..', '.pod');
  const log = pino({ level: process.env.LOG_LEVEL || 'warn' }, pino.destination(2));
  try {
    const cluster = await createCluster({ port, dataDirectory: join(dataDirectory, 'webtask'), token, log });
    process.stdout.write(`A Webtask cluster for rehearsal is at ${cluster.url}. In another terminal:

  npx wt init --url ${cluster.url} --container wt-00000 --token ${token}
  npx wt create -n pod --secrets-file src/runtimes/secrets.ini build/bundle.js

wt init writes ~/.webtask: set HOME to another folder for both, to keep the one you have.
`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const text = code === 'EADDRINUSE' ? `Port ${port} is in use: set WEBTASK_PORT to a free one.` : message;
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
