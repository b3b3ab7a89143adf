import { randomUUID } from 'node:crypto';
import { ServerError } from '../../core/server/errors.js';
import type {
  OutputListener,
  OutputHost,
  ProcessEvent,
  ProcessHost,
  StartRequest,
  StopReport,
  StopRequest,
} from '../../core/lifecycle/processHost.js';
import type { LogStore } from '../../core/logs/logs.js';
import type { PortInspector, PortUse } from '../../core/tcpPorts/portUse.js';
import type { ProcessIdentity, RunId } from '../../core/server/state.js';
import { describeLedgers, type LedgerRun } from '../ledger/ledgerFile.js';
import {
  terminateOrphans,
  terminateOrphansOfWindow,
  findOrphans,
  type OrphanDeps,
  type OrphanReport,
} from '../ledger/orphans.js';
import { HostChannel, type UnaskedMessage } from './hostChannel.js';
import { LogClient } from './logClient.js';
import { findInOtherWindow, takeOver } from '../ledger/otherWindows.js';
import type { Logger } from '../../core/common.js';
import type { Orphan, OrphanFate, OtherWindows, OtherWindowRun } from '../../core/server/otherWindows.js';
import type { ServerIdentity } from '../../core/server/identity.js';
import { currentPlatform } from '../platform/currentPlatform.js';

export interface HostClientOptions {
  /** Absolute path of the process host's bundle. */
  readonly hostPath: string;
  /** Where process hosts keep record of what they run. */
  readonly ledgerFolder: string;
  /** Where the logs of servers are, and how large that of a server may be that starts now, bytes; without it none are kept. */
  readonly logs?: { readonly folder: string; readonly maxBytes: () => number };
  readonly log: Logger;
}

/** The extension host's side of the process host, which it starts with the first server and again after a loss. */
export class HostClient implements ProcessHost, OutputHost, OtherWindows, PortInspector {
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  readonly #viewers = new Map<RunId, OutputListener>();
  /** Every run id of the window begins with it. */
  readonly #windowId = randomUUID();
  readonly #channel: HostChannel;
  readonly #logs: LogClient;
  #runs = 0;
  /** Ends what a lost process host left running; nothing starts before that is done. */
  #sweep: Promise<void> = Promise.resolve();

  constructor(private readonly options: HostClientOptions) {
    const logFolder = options.logs?.folder ?? '';
    this.#channel = new HostChannel({
      program: {
        hostPath: options.hostPath,
        ledgerFolder: options.ledgerFolder,
        windowId: this.#windowId,
        logFolder,
      },
      log: options.log,
      onMessage: (message) => this.#onMessage(message),
      onLost: (pid, message) => this.#onLost(pid, message),
    });
    this.#logs = new LogClient(logFolder, this.#windowId, this.#channel);
  }

  /** What servers wrote. */
  get logs(): LogStore {
    return this.#logs;
  }

  /** The pid of the process host; `undefined` while there is none. */
  get pid(): number | undefined {
    return this.#channel.pid;
  }

  /** A name for a new run, which no other run of any window has. */
  readonly newRunId = (): RunId => `${this.#windowId}-${++this.#runs}`;

  /** Ends what windows left running whose process hosts are dead, unless another fate is decided for a run. */
  endOrphans(fateOf?: (run: LedgerRun) => OrphanFate): Promise<OrphanReport> {
    return terminateOrphans(this.#orphanPorts, fateOf);
  }

  /** The servers that live though the process hosts that started them are dead. */
  findOrphans(): Promise<Orphan[]> {
    return findOrphans(this.#orphanPorts);
  }

  async adopt(orphan: Orphan): Promise<void> {
    await this.#sweep;
    await this.#channel.request((request) => ({ kind: 'adopt', request, orphan }));
  }

  takeOver(server: ServerIdentity): Promise<void> {
    return takeOver(server, this.#windowId, this.#orphanPorts);
  }

  /** What process hosts have on record, a line each. */
  describeLedger(): Promise<string[]> {
    return describeLedgers(this.options.ledgerFolder);
  }

  find(server: ServerIdentity): Promise<OtherWindowRun | undefined> {
    return findInOtherWindow(server, this.#windowId, this.#orphanPorts);
  }

  async start(start: StartRequest): Promise<void> {
    await this.#sweep;
    const logBytes = this.options.logs?.maxBytes() ?? 0;
    const started = this.#channel.request((request) => ({ kind: 'start', request, start, logBytes }));
    this.#logs.renewWatches();
    await started;
  }

  async stop(stop: StopRequest): Promise<StopReport> {
    if (!this.#channel.isRunning) throw new ServerError('hostLost', 'The process host is not running.');
    const { kind: _, ...report } = await this.#channel.ask('stopped', (request) => ({
      kind: 'stop',
      request,
      stop,
    }));
    return report;
  }

  async inspectPort(port: number): Promise<PortUse> {
    const message = (request: number) => ({ kind: 'inspectPort', request, port }) as const;
    return (await this.#channel.ask('portUse', message)).use;
  }

  async killPortOwner(port: number, process: ProcessIdentity): Promise<void> {
    await this.#channel.request((request) => ({ kind: 'endHolder', request, port, process }));
  }

  onEvent(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(runId: RunId, columns: number, rows: number, onOutput: OutputListener): () => void {
    this.#viewers.set(runId, onOutput);
    this.#channel.post({ kind: 'attach', runId, columns, rows });
    return () => {
      if (this.#viewers.get(runId) !== onOutput) return;
      this.#viewers.delete(runId);
      this.#channel.post({ kind: 'detach', runId });
    };
  }

  acknowledge(runId: RunId, units: number): void {
    this.#channel.post({ kind: 'acknowledge', runId, units });
  }

  input(runId: RunId, data: string): void {
    this.#channel.post({ kind: 'input', runId, data });
  }

  resize(runId: RunId, columns: number, rows: number): void {
    this.#channel.post({ kind: 'resize', runId, columns, rows });
  }

  forget(runId: RunId): void {
    this.#channel.post({ kind: 'forget', runId });
  }

  /** Closes the channel; the process host then ends all it still owns and itself. Resolves when it is gone. */
  dispose(): Promise<void> {
    return this.#channel.dispose();
  }

  #onMessage(message: UnaskedMessage): void {
    switch (message.kind) {
      case 'event':
        return this.#tell(message.event);
      case 'output':
        return this.#viewers.get(message.runId)?.(message.data, message.skippedBytes);
      case 'logGrown':
        return this.#logs.onGrown(message.log);
    }
  }

  /** What still runs is ended, and only then told as lost. */
  #onLost(pid: number, message: string): void {
    this.#viewers.clear();
    this.#sweep = this.#endOrphansOf(pid).then(() => this.#tell({ kind: 'hostLost', message }));
  }

  async #endOrphansOf(pid: number): Promise<void> {
    try {
      await terminateOrphansOfWindow(this.#windowId, pid, this.#orphanPorts);
    } catch (error) {
      this.options.log.error('What the process host left running could not be ended', error);
    }
  }

  get #orphanPorts(): OrphanDeps {
    return { folder: this.options.ledgerFolder, platform: currentPlatform(), log: this.options.log };
  }

  #tell(event: ProcessEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
