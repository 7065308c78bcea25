/**
 * Runs a command to its end. If it fails it tells each fault in one line, without a stack, and the exit status is 1.
 * @param failure what to say of it then, for example "The skill could not be deployed"
 */
export function runCommand(failure: string, command: () => Promise<void>): void {
  command().catch((error: Error & { faults?: readonly string[] }) => {
    const faults = error.faults ?? [error.message];
    process.stderr.write(`${failure}:\n${faults.map((fault) => `  - ${fault}\n`).join('')}`);
    process.exitCode = 1;
  });
}
