import { defineConfig } from '@playwright/test';
import { hangLimitMs } from '../../scripts/lib/limits.mjs';
import { fromRoot, resultFile } from '../../scripts/lib/paths.mjs';

/** A window uses about one processor while it loads, and less afterwards. */
const workers = 2;

export default defineConfig({
  testDir: '.',
  testMatch: '*.test.ts',
  outputDir: fromRoot('test-results', 'e2e'),
  timeout: hangLimitMs,
  workers,
  fullyParallel: true,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: resultFile('e2e-report') }]],
  use: {
    trace: { mode: 'retain-on-failure', snapshots: false, screenshots: false },
    screenshot: 'only-on-failure',
  },
});
