import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { filesBelow } from '../../../scripts/lib/files.mjs';
import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.js';

/**
 * Opens a window before the tests of a `describe`, closes it after them, and returns a function that returns it. A
 * failed test leaves a screenshot and prints the content of the window. A process that outlives the window fails the
 * tests.
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  before('open VS Code', async () => {
    workbench = await openWorkbench(options);
  });
  afterEach('keep what is known of a failure', async function () {
    if (this.currentTest?.state !== 'failed' || !workbench) return;
    await workbench.screenshot(`failed-${this.currentTest.title}`);
    console.log(await describeWindow(workbench));
  });
  after('end VS Code', async function () {
    const survivors = (await workbench?.close()) ?? [];
    if (survivors.length > 0)
      throw new Error(`Still alive after VS Code ended: ${JSON.stringify(survivors)}`);
  });
  return () => {
    if (workbench === undefined) throw new Error('VS Code is not open.');
    return workbench;
  };
}

const lastLines = 40;

/** Returns the visible texts of the window and the last lines of the extension's log. */
async function describeWindow(workbench: Workbench): Promise<string> {
  const logs = filesBelow(dirname(workbench.server.logFile), 'Dev Servers.log').map((path) =>
    readFileSync(path, 'utf8'),
  );
  return [
    await workbench.tree.ariaSnapshot(),
    ...(await workbench.notificationTexts()),
    ...logs.map((text) => text.split('\n').slice(-lastLines).join('\n')),
  ].join('\n');
}
