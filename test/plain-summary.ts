import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line, for whoever counts tests without knowing the runner. */
export default class PlainSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const brokenFiles = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0,
    );
    const count = (state: string) => states.filter((candidate) => candidate === state).length;
    const skipped = count('skipped');
    const failed = count('failed') + brokenFiles.length + errors.length;
    process.stdout.write(
      `\n${count('passed')} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`,
    );
  }
}
