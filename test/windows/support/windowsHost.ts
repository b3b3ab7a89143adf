import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessEvent, StartRequest } from '../../../src/core/lifecycle/processHost.js';
import { readyRule } from '../../../src/core/readiness/readyRule.js';
import type { RunId } from '../../../src/core/server/state.js';
import { HostClient } from '../../../src/host/client/hostClient.js';
import { queries, windows } from '../../../src/host/platform/windows.js';
import type { ProcessEntry } from '../../../src/host/system/processes.js';
import { until } from '../../support/processes.js';

/** Program before the command of a server that needs its terminal: Wine gives no standard handles in a pseudoconsole. */
const consoleProgram = process.env['DEV_SERVERS_WINE_CONSOLE'];

export const fixture = (name: string): string => join(process.cwd(), 'test', 'fixtures', 'windows', name);

/** Words before a command that needs its terminal. */
export const consoleWords = consoleProgram === undefined ? [] : [consoleProgram];

/** Returns a command that runs a script of the fixtures by this Node, in its terminal. */
export function nodeCommand(script: string, ...args: string[]): StartRequest['command'] {
  const [file = '', ...rest] = [...consoleWords, process.execPath, fixture(script), ...args];
  return { kind: 'argv', file, args: rest };
}

/** Returns the processes whose command line contains a text. */
export async function processesWith(text: string): Promise<ProcessEntry[]> {
  return (await windows.list()).filter(({ command }) => command.includes(text));
}

/** A real process host on Windows. Its end asserts that none of its processes is left. */
export class WindowsHost {
  readonly events: ProcessEvent[] = [];
  readonly log: string[] = [];
  readonly ledgerFolder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
  readonly logFolder = mkdtempSync(join(tmpdir(), 'dev-servers-logs-'));
  readonly client = new HostClient({
    hostPath: join(process.cwd(), 'dist', 'host.js'),
    ledgerFolder: this.ledgerFolder,
    logs: { folder: this.logFolder, maxBytes: () => 1024 * 1024 },
    log: {
      info: (message) => this.log.push(message),
      error: (message, error) => this.log.push(`${message} ${error instanceof Error ? error.message : ''}`),
    },
  });

  constructor() {
    this.client.onEvent((event) => this.events.push(event));
  }

  async start(command: StartRequest['command'], more: Partial<StartRequest> = {}): Promise<RunId> {
    const runId = this.client.newRunId();
    const ready = readyRule(undefined, undefined);
    const defaults = { serverId: 'test', cwd: tmpdir(), env: {}, port: undefined, ready };
    await this.client.start({ runId, command, ...defaults, ...more });
    return runId;
  }

  /** Waits for the first event of that kind of the run. */
  async event<Kind extends 'spawned' | 'ready' | 'ended'>(
    runId: RunId,
    kind: Kind,
  ): Promise<Extract<ProcessEvent, { kind: Kind }>> {
    const find = (): ProcessEvent | undefined =>
      this.events.find((event) => event.kind === kind && event.runId === runId);
    await until(`${kind} of ${runId}`, () => find() !== undefined);
    return find() as Extract<ProcessEvent, { kind: Kind }>;
  }

  /** Collects all past and future output of the run, as a terminal shows it. */
  watch(runId: RunId): { readonly text: () => string; until(part: string): Promise<void> } {
    let text = '';
    this.client.attach(runId, 80, 24, (data) => {
      text += data;
      this.client.acknowledge(runId, data.length);
    });
    return {
      text: () => text,
      until: (part) => until(`"${part}" in the output of ${runId}`, () => text.includes(part)),
    };
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
  async children(): Promise<ProcessEntry[]> {
    const host = this.client.pid;
    return (await windows.list()).filter(({ parent }) => parent === host);
  }

  async end(): Promise<void> {
    const { pid } = this.client;
    await this.client.dispose();
    const left = (await windows.list()).filter((entry) => entry.pid === pid || entry.parent === pid);
    queries.end();
    assert.deepEqual(left, [], 'processes were left behind');
    assert.deepEqual(readdirSync(this.ledgerFolder), [], 'records were left behind');
    for (const folder of [this.ledgerFolder, this.logFolder])
      rmSync(folder, { recursive: true, maxRetries: 5 });
  }
}
