import { createPasswordless } from '../../src/auth0/passwordless';
import { parseConfig } from '../../src/config';
import type { CustomerId } from '../../src/orders/order';

// A process of its own, as in production: the settings from the environment, and the platform's own fetch.
async function orderOnce([customerId, code]: string[]) {
  const log = { info() {}, warn() {}, error() {} };
  const passwordless = createPasswordless({ config: parseConfig(process.env), clock: Date.now, log });
  const delivery = await passwordless.sendCode(customerId as CustomerId, AbortSignal.timeout(20_000));
  const verdict = await passwordless.checkCode(
    customerId as CustomerId,
    code as string,
    AbortSignal.timeout(20_000),
  );
  process.stdout.write(JSON.stringify({ delivery, verdict }));
}

orderOnce(process.argv.slice(2)).catch((error: { code: string; cause: Error }) => {
  process.stdout.write(JSON.stringify({ refused: error.code, reason: error.cause.message }));
});
