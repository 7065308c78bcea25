import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

// The size of build/bundle.js, and how long a fresh process takes to its first answer. Build it first: npm run build.

const bundle = resolve(__dirname, '../build/bundle.js');

const coldStart = `
  const { createServer } = require('webtask-runtime');
  const secrets = { AUTH0_DOMAIN: 'x.auth0.com', API_ID: 'x', API_SIGNING_KEY: 'x'.repeat(32), APP_CLIENT_ID: 'x', APP_CLIENT_SECRET: 'x'.repeat(32) };
  const logger = { info() {}, warn() {}, error() {} };
  const loadedAt = performance.now();
  const server = createServer(require(${JSON.stringify(bundle)}), { secrets, logger, parseBody: 0 });
  server.listen(0, '127.0.0.1', async () => {
    const { port } = server.address();
    await (await fetch('http://127.0.0.1:' + port + '/app/')).text();
    console.log('\\nfirst answer after', performance.now() - loadedAt);
    process.exit(0);
  });
`;

void main();

async function main(): Promise<void> {
  const { size } = await stat(bundle);
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', coldStart], {
      cwd: join(__dirname, '..'),
    });
    times.push(Number(/first answer after ([\d.]+)/.exec(stdout)?.[1]));
  }
  const [median] = times.sort((a, b) => a - b).slice(2);
  const figures = {
    'size in MB': Number((size / 1e6).toFixed(2)),
    'ms to the first answer': Math.round(median ?? 0),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
