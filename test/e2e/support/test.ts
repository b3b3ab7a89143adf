import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test as base } from '@playwright/test';
import { filesBelow } from '../../../scripts/lib/files.mjs';
import { Windows, type WindowOptions } from './windows.js';
import type { Workbench } from './workbench.js';

/** Opens a window for one test. After it, the window closes; a process that outlives it fails the test. */
export type Open = (options?: WindowOptions) => Promise<Workbench>;

// Playwright reads the names of other fixtures from the first parameter, so it must be a pattern.
export const test = base.extend<{ readonly open: Open }, { readonly windows: Windows }>({
  windows: [
    async ({}, use) => {
      const windows = new Windows();
      await use(windows);
      await windows.end();
    },
    { scope: 'worker' },
  ],
  open: async ({ windows }, use) => {
    const opened: Workbench[] = [];
    await use(async (options) => {
      const workbench = await windows.open(options);
      opened.push(workbench);
      return workbench;
    });
    for (const workbench of opened) {
      if (isFailed()) console.log(describeWindow(workbench));
      await windows.close(workbench);
    }
  },
});

/**
 * Opens a window that the tests of a `describe` share, closes it after them, and returns a function that returns it. A
 * process that outlives the window fails the tests.
 */
export function useWorkbench(options: WindowOptions | (() => Promise<WindowOptions>) = {}): () => Workbench {
  let workbench: Workbench | undefined;
  // The tests go on in the state that the ones before left.
  test.describe.configure({ mode: 'serial' });
  test.beforeAll('open a window', async ({ windows }) => {
    workbench = await windows.open(typeof options === 'function' ? await options() : options);
  });
  test.afterEach('print what is known of a failure', () => {
    if (isFailed() && workbench) console.log(describeWindow(workbench));
  });
  test.afterAll('close the window', async ({ windows }) => {
    if (workbench) await windows.close(workbench);
  });
  return () => {
    assert.ok(workbench, 'VS Code is not open.');
    return workbench;
  };
}

const isFailed = (): boolean => test.info().status !== test.info().expectedStatus;

const lastLines = 40;

/** Returns the last lines of the extension's log. Playwright keeps a screenshot and a trace of the window. */
function describeWindow(workbench: Workbench): string {
  const logs = filesBelow(dirname(workbench.server.logFile), 'Dev Servers.log');
  return logs.map((path) => readFileSync(path, 'utf8').split('\n').slice(-lastLines).join('\n')).join('\n');
}
