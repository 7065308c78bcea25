import { createPasswordless } from '../../src/auth0/passwordless';
import { parseConfig } from '../../src/config';
import { codeOf } from '../fixtures/code-book';
import { customerOf } from '../fixtures/orders';

// A process of its own, as in production: the settings from the environment, and the platform's own fetch.
async function orderOnce([user = '', code = '']: string[]) {
  const customerId = customerOf(user);
  const patient = new AbortController().signal;
  const log = { info() {}, warn() {}, error() {} };
  const passwordless = createPasswordless({ config: parseConfig(process.env), clock: Date.now, log });
  const delivery = await passwordless.sendCode(customerId, patient);
  const verdict = await passwordless.checkCode(customerId, codeOf(code), patient);
  process.stdout.write(JSON.stringify({ delivery, verdict }));
}

orderOnce(process.argv.slice(2)).catch((error: { code: string; cause: Error }) => {
  process.stdout.write(JSON.stringify({ refused: error.code, reason: error.cause.message }));
});
