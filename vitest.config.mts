import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { longestMs } from './test/longest.js';

/** What starts a process, a browser or PostgreSQL, and what takes its time: by folder, or by name. */
const slow = ['test/e2e/**/*.test.ts', 'test/**/*.slow.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './test/plain-summary.ts'],
    testTimeout: longestMs,
    hookTimeout: longestMs,
    expect: { poll: { timeout: longestMs } },
    // Files share what they import: loading it anew for each takes half of the time of the quick ones.
    isolate: false,
    // Slow tests wait much of their time.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [...slow, '**/node_modules/**'],
        },
      },
      { extends: true, test: { name: 'slow', include: slow, globalSetup: './test/fixtures/build-once.ts' } },
    ],
  },
});
