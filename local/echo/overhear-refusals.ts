import type { Log } from '../../src/step-up/outside';

/** Why POD refused the newest request to `/alexa`. */
export type RefusalReasons = Pick<ReturnType<typeof overhearRefusals>, 'take'>;

/**
 * Listens to what POD logs: it answers 400 without a reason to what is not Alexa's, and the reason is in its log alone.
 * @returns the log to give to POD, which passes everything on to `log`
 */
export function overhearRefusals(log: Log) {
  let newest: string | undefined;
  const warn: Log['warn'] = (fields, message) => {
    if ('door' in fields && fields.door === 'alexa' && 'outcome' in fields) {
      newest = `${fields.outcome}: ${message.replace(/^refused a request to \/alexa: /, '')}`;
    }
    log.warn(fields, message);
  };
  return {
    log: { info: log.info.bind(log), error: log.error.bind(log), warn } satisfies Log,
    /** The newest reason, once. */
    take(): string | undefined {
      const reason = newest;
      newest = undefined;
      return reason;
    },
  };
}
