import { defineConfig } from '@playwright/test';
import { hangLimitMs } from '../../scripts/lib/limits.mjs';
import { fromRoot } from '../../scripts/lib/paths.mjs';

/** Makes pictures of the window. Whether they look right is for a person to see, so they are not part of the tests. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.pictures.ts',
  outputDir: fromRoot('test-results', 'pictures'),
  timeout: 4 * hangLimitMs,
  workers: 1,
  reporter: 'list',
});
