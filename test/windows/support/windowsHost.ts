import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StartRequest } from '../../../src/core/lifecycle/processHost.js';
import type { RunId } from '../../../src/core/server/state.js';
import type { HostClient } from '../../../src/host/client/hostClient.js';
import { windows } from '../../../src/host/platform/windows.js';
import type { ProcessEntry } from '../../../src/host/system/processes.js';
import { builtFile } from '../../support/builtFile.js';
import { RecordedHost } from '../../support/recordedHost.js';
import { nodeProgram } from '../../support/serverProgram.js';
import { leftOfHost, windowsChildren } from '../../support/windowsFamily.js';

export const fixture = (name: string): string => join(process.cwd(), 'test', 'fixtures', 'windows', name);

/** Returns a command that runs a script of the fixtures by this Node, in its terminal. */
export function nodeCommand(script: string, ...args: string[]): StartRequest['command'] {
  return nodeProgram(fixture(script), ...args);
}

/** Returns the processes whose command line contains a text. */
export async function processesWith(text: string): Promise<ProcessEntry[]> {
  return (await windows.list()).filter(({ command }) => command.includes(text));
}

/** A process host on Windows. Its end asserts that none of its processes is left. */
export class WindowsHost extends RecordedHost {
  constructor() {
    super({ hostPath: builtFile('host.js') });
  }

  stop(runId: RunId, graceMs = 10_000): ReturnType<HostClient['stop']> {
    return this.client.stop({ runId, signal: 'SIGTERM', graceMs });
  }

  /** Returns what the ledger has on record. */
  ledger(): string {
    return readdirSync(this.ledgerFolder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(join(this.ledgerFolder, name), 'utf8'))
      .join('\n');
  }

  /** Returns the child processes of the process host. */
  children(): Promise<ProcessEntry[]> {
    return windowsChildren(this.client.pid);
  }

  async end(): Promise<void> {
    const { pid } = this.client;
    await this.client.dispose();
    assert.deepEqual(await leftOfHost(pid), [], 'processes were left behind');
    assert.deepEqual(readdirSync(this.ledgerFolder), [], 'records were left behind');
    for (const folder of [this.ledgerFolder, this.logFolder])
      rmSync(folder, { recursive: true, maxRetries: 5 });
  }
}
