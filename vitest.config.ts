import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * One run for the whole house. Packages meet through their built entries, so `pnpm build` comes first
 * (`pnpm check` does it). Tests named *.pg.test.ts use the embedded Postgres of packages/server's harness.
 */
export default defineConfig({
  test: {
    include: [
      'packages/*/{src,connect}/**/*.test.ts',
      'templates/**/*.test.ts',
      'examples/**/*.test.ts',
      'tests/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['packages/server/src/database/testing/global-setup.ts'],
    environment: 'node',
    pool: 'forks',
    // Files share what they import: loading it anew for each took a fifth of the run. What a test changes, it puts back.
    isolate: false,
    // Two at a time, also where there are only two cores: more would only wait for each other.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // What is waited for decides a test, not how busy the machine is.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
