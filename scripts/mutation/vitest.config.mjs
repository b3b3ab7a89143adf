// @ts-check
import { defineConfig } from 'vitest/config';

/** Configuration of the tests of the core in the sandbox of Stryker. */
export default defineConfig({
  test: {
    include: ['test/unit/core/**/*.test.ts'],
    // Instrumented code is slow; a test that hangs because of its mutant has failed.
    testTimeout: 5_000,
    isolate: false,
  },
});
