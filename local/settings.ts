import { join } from 'node:path';
import { logLevels } from '../src/config';
import { oneOf, text, whenBlank, wholeNumber } from '../src/settings-table';

const anyPort = (name: string, usual: number) =>
  whenBlank(wholeNumber(name, 0, 65_535, 'a port number up to 65535, or 0 for any free one'), usual);

/** What the commands that start a stand-in take from the environment, besides POD's own settings. */
export const localSettings = {
  pod: anyPort('POD_PORT', 7100),
  tenant: anyPort('TENANT_PORT', 7101),
  echo: anyPort('ECHO_PORT', 7102),
  webtask: anyPort('WEBTASK_PORT', 9100),
  postgres: whenBlank(wholeNumber('POSTGRES_PORT', 1, 65_535, 'a port number up to 65535'), 7103),
  /** Where orders, users, sign-ins and keys survive a restart. */
  dataDirectory: whenBlank(text('POD_DATA_DIR', 'a folder'), join(__dirname, '..', '.pod')),
  logLevel: whenBlank(oneOf('LOG_LEVEL', logLevels), 'warn'),
};
