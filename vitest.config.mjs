// @ts-check
import { defineConfig } from 'vitest/config';
import { hangLimitMs } from './scripts/lib/limits.mjs';
import { fromRoot } from './scripts/lib/paths.mjs';
import { buildFolder, vitePlugin } from './scripts/macos/forcedPlatform.js';

const openHandles = fromRoot('scripts', 'vitest', 'openHandles.mjs');

const common = /** @satisfies {import('vitest/node').ProjectConfig} */ ({
  allowOnly: false,
  testTimeout: hangLimitMs,
  hookTimeout: hangLimitMs,
  setupFiles: [openHandles],
  // Marks the environment as that of a shell, which a start does not ask for its own. It is asked all the same about a
  // missing program: one without the start-up files of the user, which can take long.
  env: { SHLVL: '1', SHELL: '/bin/sh' },
});

const isWine = process.env['DEV_SERVERS_WINE'] !== undefined;

/** With those of the host that need nothing of another system. */
const windowsTests = ['test/windows/**/*.test.ts', 'test/host/mcp/*.test.ts'];

const packageTests = 'test/host/package.test.ts';

export default defineConfig({
  test: {
    reporters: ['default', fromRoot('scripts', 'vitest', 'countsReporter.mjs')],
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Wine has no npm.
          exclude: isWine ? ['test/unit/scripts/cache.test.ts'] : [],
          // Only a window has the API of the editor: the unit tests run with a fake of it.
          alias: { vscode: fromRoot('test', 'unit', 'vscode', 'support', 'fakeVscode.ts') },
          pool: 'threads',
          isolate: false,
          maxWorkers: '100%',
        },
      },
      {
        plugins: [vitePlugin],
        test: {
          ...common,
          name: 'host',
          env: { ...common.env, DEV_SERVERS_BUILD: fromRoot(buildFolder) },
          include: ['test/host/**/*.test.ts'],
          globalSetup: fromRoot('scripts', 'vitest', 'installTools.mjs'),
          exclude: [packageTests],
          setupFiles: [openHandles, fromRoot('test', 'host', 'support', 'leftProcesses.ts')],
          pool: 'forks',
          // More than there are processors, because the tests mostly wait for processes.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          // Only with Node for Windows: `npm run test:windows`.
          name: 'windows',
          include: process.platform === 'win32' ? windowsTests : [],
          pool: 'forks',
          // One file after the other, as they measure times.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'package',
          include: [packageTests],
          pool: 'forks',
          // Alone and last: it replaces the build that the other tests of the host run.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
