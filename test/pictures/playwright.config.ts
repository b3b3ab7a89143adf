import { defineConfig } from '@playwright/test';
import { hangLimitMs } from '../../scripts/lib/limits.mjs';
import { fromRoot } from '../../scripts/lib/paths.mjs';

/** Configures the pictures of the window. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.pictures.ts',
  outputDir: fromRoot('test-results', 'pictures'),
  timeout: 4 * hangLimitMs,
  workers: 1,
  reporter: 'list',
  use: { screenshot: 'only-on-failure' },
});
