import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StartRequest } from '../../../src/core/lifecycle/processHost.js';
import type { RunId } from '../../../src/core/server/state.js';
import { builtFile } from '../../support/builtFile.js';
import { pidsWith } from '../../support/processes.js';
import { RecordedHost, type RecordedHostOptions } from '../../support/recordedHost.js';

export { serverFolder } from '../../support/recordedHost.js';

export const hostPath = builtFile('host.js');

export const fixture = (name: string): string => join(process.cwd(), 'test/fixtures/processes', name);

/** A process host on POSIX systems. Its end asserts that no process of it is left. */
export class TestHost extends RecordedHost {
  /** Without `hostPath` it is the built one. Folders that are not given are removed at the end. */
  constructor(private readonly options: Partial<RecordedHostOptions> = {}) {
    super({ hostPath, ...options });
  }

  node(script: string, ...args: string[]): Promise<RunId> {
    return this.start({ kind: 'argv', file: process.execPath, args: [script, ...args] });
  }

  shell(line: string, more: Partial<StartRequest> = {}): Promise<RunId> {
    return this.start({ kind: 'shell', line }, more);
  }

  async end(): Promise<void> {
    await this.client.dispose();
    // Begins the ids of its runs and is in the marker of the process host. By now its pid may be that of another process.
    const windowId = this.client.newRunId().replace(/-[^-]+$/, '');
    assert.deepEqual(pidsWith(windowId), [], 'processes were left behind');
    if (this.options.ledgerFolder === undefined) {
      assert.deepEqual(readdirSync(this.ledgerFolder), [], 'records were left behind');
      rmSync(this.ledgerFolder, { recursive: true });
    }
    if (this.options.logFolder === undefined) rmSync(this.logFolder, { recursive: true });
  }
}
