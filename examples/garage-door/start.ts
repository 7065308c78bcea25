import { join } from 'node:path';
import pino from 'pino';
import { announceEcho } from '../../local/echo/running-echos';
import { localSettings } from '../../local/settings';
import { startLocal } from '../../local/start-local';
import { readSettings } from '../../src/settings-table';
import { createGarage } from './create-garage';

void main();

async function main(): Promise<void> {
  const { pod, tenant, echo, dataDirectory, logLevel } = readSettings(localSettings, process.env);
  const garage = createGarage(async ({ door }) => print(`The ${door} door opens.`));
  const local = await startLocal(garage, {
    ports: { pod, tenant, echo },
    dataDirectory: join(dataDirectory, 'garage'),
    assets: new Map(),
    log: pino({ level: logLevel }, pino.destination(2)),
  });
  await announceEcho(local.echoUrl);
  print(`Talk to the garage in another terminal:
  npm run say -- link phoebe@example.com phoebe-local
  npm run say -- ask my garage to open the left door
  npm run say -- tell my garage to authorize order CODE      (your code is at ${local.tenant.url}/inbox)
The garage is ready`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
