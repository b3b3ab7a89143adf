import { defineConfig } from '@playwright/test';
import { hangLimitMs } from '../../scripts/lib/limits.mjs';
import { fromRoot } from '../../scripts/lib/paths.mjs';

/** Makes pictures of the window. The tests do not include them, since only a person sees whether they look right. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.pictures.ts',
  outputDir: fromRoot('test-results', 'pictures'),
  timeout: 4 * hangLimitMs,
  workers: 1,
  reporter: 'list',
});
