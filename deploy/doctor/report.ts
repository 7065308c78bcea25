import type { Finding } from './finding';

const marks = { ok: 'ok    ', fault: 'FAULT ', unchecked: '-     ' };

/** A finding as a line for people. */
export function lineOf({ area, state, text, cure }: Finding): string {
  return `${marks[state]} ${area}: ${text}${cure ? ` → ${cure}` : ''}`;
}

/** Prints what was found and ends the process: with 1 where there is a fault, else with 0. */
export function report(findings: readonly Finding[], text: string): void {
  const isFaulty = findings.some(({ state }) => state === 'fault');
  // A database that does not answer would keep the process.
  process.stdout.write(`${text}\n`, () => process.exit(isFaulty ? 1 : 0));
}
