import { randomUUID } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { ServerError, type FailureReason } from '../core/errors.js';
import type {
  Log,
  Orphan,
  OrphanFate,
  OtherWindows,
  OutputPort,
  ProcessEvent,
  ProcessPort,
  RunElsewhere,
  StartRequest,
  StopReport,
  StopRequest,
} from '../core/ports.js';
import type { ServerDefinition } from '../core/server.js';
import type { RunId } from '../core/serverState.js';
import { describeLedgers, type LedgerRun } from './ledgerFile.js';
import {
  endOrphans,
  endOrphansOfWindow,
  findOrphans,
  type OrphanPorts,
  type OrphanReport,
} from './orphans.js';
import { forkHost } from './forkHost.js';
import { findElsewhere, takeOver } from './otherWindows.js';
import { currentPlatform } from './platform/platform.js';
import { parseHostMessage, type ClientMessage, type HostMessage } from './protocol.js';

export interface HostClientOptions {
  /** Absolute path of the process host's bundle. */
  readonly hostPath: string;
  /** Where process hosts keep record of what they run. */
  readonly ledgerFolder: string;
  readonly log: Log;
}

interface Pending {
  resolve(report: StopReport | undefined): void;
  reject(error: ServerError): void;
}

/** The extension host's side of the process host, which it starts with the first server and again after a loss. */
export class HostClient implements ProcessPort, OutputPort, OtherWindows {
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  readonly #viewers = new Map<RunId, (data: string) => void>();
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  /** Every run id of the window begins with it. */
  readonly #windowId = randomUUID();
  #runs = 0;
  #requests = 0;
  /** Ends what a lost process host left running; nothing starts before that is done. */
  #sweep: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(private readonly options: HostClientOptions) {}

  /** The pid of the process host; `undefined` while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** A name for a new run, which no other run of any window has. */
  readonly newRunId = (): RunId => `${this.#windowId}-${++this.#runs}`;

  /** Ends what windows left running whose process hosts are dead, unless another fate is decided for a run. */
  endOrphans(fateOf?: (run: LedgerRun) => OrphanFate): Promise<OrphanReport> {
    return endOrphans(this.#orphanPorts, fateOf);
  }

  /** The servers that live though the process hosts that started them are dead. */
  findOrphans(): Promise<Orphan[]> {
    return findOrphans(this.#orphanPorts);
  }

  async adopt(orphan: Orphan): Promise<void> {
    await this.#sweep;
    await this.#request((request) => ({ kind: 'adopt', request, orphan }));
  }

  takeOver({ id, cwd }: ServerDefinition): Promise<void> {
    return takeOver({ serverId: id, cwd }, this.#windowId, this.#orphanPorts);
  }

  /** What process hosts have on record, a line each. */
  describeLedger(): Promise<string[]> {
    return describeLedgers(this.options.ledgerFolder);
  }

  find({ id, cwd }: ServerDefinition): Promise<RunElsewhere | undefined> {
    return findElsewhere({ serverId: id, cwd }, this.#windowId, this.#orphanPorts);
  }

  async start(start: StartRequest): Promise<void> {
    await this.#sweep;
    await this.#request((request) => ({ kind: 'start', request, start }));
  }

  async stop(stop: StopRequest): Promise<StopReport> {
    if (!this.#child) throw new ServerError('hostLost', 'The process host is not running.');
    const report = await this.#request((request) => ({ kind: 'stop', request, stop }));
    if (!report) throw new ServerError('badRequest', 'The process host answered a stop without a report.');
    return report;
  }

  onEvent(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(runId: RunId, columns: number, rows: number, onOutput: (data: string) => void): () => void {
    this.#viewers.set(runId, onOutput);
    this.#post({ kind: 'attach', runId, columns, rows });
    return () => {
      if (this.#viewers.get(runId) !== onOutput) return;
      this.#viewers.delete(runId);
      this.#post({ kind: 'detach', runId });
    };
  }

  acknowledge(runId: RunId, units: number): void {
    this.#post({ kind: 'acknowledge', runId, units });
  }

  input(runId: RunId, data: string): void {
    this.#post({ kind: 'input', runId, data });
  }

  resize(runId: RunId, columns: number, rows: number): void {
    this.#post({ kind: 'resize', runId, columns, rows });
  }

  forget(runId: RunId): void {
    this.#post({ kind: 'forget', runId });
  }

  /** Closes the channel; the process host then ends all it still owns and itself. Resolves when it is gone. */
  dispose(): Promise<void> {
    this.#disposed = true;
    const child = this.#child;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      if (child.connected) child.disconnect();
    });
  }

  #request(message: (request: number) => ClientMessage): Promise<StopReport | undefined> {
    const child = this.#running();
    const request = ++this.#requests;
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
      child.send(message(request), (error) => {
        if (error) this.#lost(child, error.message);
      });
    });
  }

  /** For messages that need no answer and mean nothing without a process host. */
  #post(message: ClientMessage): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  #running(): ChildProcess {
    if (this.#disposed) throw new ServerError('closed', 'The extension is ending.');
    this.#child ??= this.#fork();
    return this.#child;
  }

  #fork(): ChildProcess {
    const { hostPath, ledgerFolder, log } = this.options;
    const child = forkHost(hostPath, [ledgerFolder, this.#windowId]);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log.error(`Process host: ${text.trim()}`));
    child.on('message', (value) => this.#onMessage(value));
    child.once('error', (error) => this.#lost(child, error.message));
    child.once('exit', (code, signal) => this.#lost(child, `it ended with ${signal ?? `exit ${code}`}`));
    return child;
  }

  #onMessage(value: unknown): void {
    try {
      this.#handle(parseHostMessage(value));
    } catch (error) {
      this.options.log.error('The process host sent something unexpected', error);
    }
  }

  #handle(message: HostMessage): void {
    switch (message.kind) {
      case 'event':
        return this.#tell(message.event);
      case 'output':
        return this.#viewers.get(message.runId)?.(message.data);
      case 'done':
        return this.#take(message.request)?.resolve(message.report);
      case 'refused':
        // Both sides are built together, so the reason is one of ours.
        return this.#take(message.request)?.reject(
          new ServerError(message.reason as FailureReason, message.message),
        );
    }
  }

  #take(request: number): Pending | undefined {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    return pending;
  }

  /**
   * What was asked is refused, what still runs is ended, and only then told as lost. The next start makes a new process
   * host.
   */
  #lost(child: ChildProcess, why: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    // One that only failed to hear us ends itself and its servers then.
    if (child.connected) child.disconnect();
    const message = `The process host was lost: ${why}.`;
    for (const pending of this.#pending.values()) pending.reject(new ServerError('hostLost', message));
    this.#pending.clear();
    this.#viewers.clear();
    if (this.#disposed) return;
    this.#sweep = this.#endOrphansOf(child).then(() => this.#tell({ kind: 'hostLost', message }));
  }

  async #endOrphansOf({ pid = 0 }: ChildProcess): Promise<void> {
    try {
      await endOrphansOfWindow(this.#windowId, pid, this.#orphanPorts);
    } catch (error) {
      this.options.log.error('What the process host left running could not be ended', error);
    }
  }

  get #orphanPorts(): OrphanPorts {
    return { folder: this.options.ledgerFolder, platform: currentPlatform(), log: this.options.log };
  }

  #tell(event: ProcessEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
