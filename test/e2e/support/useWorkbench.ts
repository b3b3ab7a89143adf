import { openWorkbench, type Workbench, type WorkbenchOptions } from './workbench.js';

const startLimitMs = 90_000;
const endLimitMs = 30_000;

/**
 * Opens a window before the tests of a `describe` and closes it after them; the returned function gives it. A failed
 * test leaves a screenshot. A process that outlives the window fails the tests.
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  before('open VS Code', async function () {
    this.timeout(startLimitMs);
    workbench = await openWorkbench(options);
  });
  afterEach('keep a screenshot of a failure', async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot(`failed-${this.currentTest.title}`);
  });
  after('end VS Code', async function () {
    this.timeout(endLimitMs);
    const survivors = (await workbench?.close()) ?? [];
    if (survivors.length > 0)
      throw new Error(`Still alive after VS Code ended: ${JSON.stringify(survivors)}`);
  });
  return () => {
    if (workbench === undefined) throw new Error('VS Code is not open.');
    return workbench;
  };
}
