import { randomBytes, randomUUID } from 'node:crypto';
import { ServerError } from '../../core/server/errors.js';
import type {
  OutputListener,
  OutputHost,
  ProcessEvent,
  ProcessHost,
  RunFacts,
  StartRequest,
  StopReport,
  StopRequest,
} from '../../core/lifecycle/processHost.js';
import type { LogStore } from '../../core/logs/logStore.js';
import type { PortInspector, PortUse } from '../../core/tcpPorts/portUse.js';
import type { ProcessIdentity, RunId } from '../../core/server/state.js';
import { terminateOrphansOfWindow } from '../ledger/orphans.js';
import { Deferred } from '../../core/deferred.js';
import { HostChannel, type HostNotification } from './hostChannel.js';
import type { HoldPlan } from './introduction.js';
import { ServerHold } from './serverHold.js';
import { EditorEnvironment } from './editorEnvironment.js';
import { LedgerClient, type LedgerClientOptions } from './ledgerClient.js';
import { LogClient } from './logClient.js';
import type { Orphan } from '../../core/server/otherWindows.js';
import type { ServerIdentity } from '../../core/server/identity.js';
import { currentPlatform } from '../platform/currentPlatform.js';
import { defaultStopPlan } from '../../core/server/overrides.js';
import { untranslated, type Text } from '../../core/text.js';

export interface HostClientOptions extends LedgerClientOptions {
  /** Absolute path of the process host's bundle. */
  readonly hostPath: string;
  /** Folder of the editor, whose node-pty is used where that of the extension cannot be loaded. */
  readonly editorFolder?: string;
  /**
   * Folder of the server logs, and the maximum log size of a server that starts now, bytes. Without it, there are no
   * logs.
   */
  readonly logs?: { readonly folder: string; readonly maxBytes: () => number };
  /** Called when the process host does not respond any more, and when it responds again or is gone. */
  readonly onResponsive?: (isResponsive: boolean) => void;
  /** How to hold the servers when this window is gone; they end with it otherwise. */
  readonly hold?: () => HoldPlan;
  /** Whether the next window decides about servers that outlive this one; they are stopped at once otherwise. */
  readonly keepsOrphans?: () => boolean;
  /** Maximum time for an answer to the next request, in addition to the time that it allows, milliseconds. */
  readonly maxAnswerMs?: () => number | undefined;
}

const endWithWindow: HoldPlan = { holdMs: 0, workspace: [] };

/** Client of the process host in the extension host; starts it with the first server and again after a loss. */
export class HostClient extends LedgerClient implements ProcessHost, OutputHost, PortInspector {
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  readonly #viewers = new Map<RunId, OutputListener>();
  /** Prefix of every run id: random, or that of the process host that was taken over. */
  protected windowId: string = randomUUID();
  /** How servers are held between this window and the next one. */
  readonly hold: ServerHold;
  readonly #channel: HostChannel;
  readonly #logs: LogClient;
  readonly #editorEnvironment = new EditorEnvironment();
  /** Runs whose end is not known. */
  readonly #live = new Set<RunId>();
  /** Resolves when the servers that a lost process host left running are stopped; starts wait for it. */
  #sweep: Promise<void> = Promise.resolve();

  constructor(private readonly options: HostClientOptions) {
    super(options);
    const logFolder = options.logs?.folder ?? '';
    this.#channel = new HostChannel({
      program: () => ({
        hostPath: options.hostPath,
        editorFolder: options.editorFolder,
        ledgerFolder: options.ledgerFolder,
        windowId: this.windowId,
        logFolder,
        keepsOrphans: options.keepsOrphans?.() ?? false,
      }),
      hold: () => options.hold?.() ?? endWithWindow,
      log: options.log,
      onMessage: (message) => this.#onMessage(message),
      onLost: (pid, message) => this.#onLost(pid, message),
      onResponsive: (isResponsive) => options.onResponsive?.(isResponsive),
      isInUse: () => this.#live.size > 0,
      maxAnswerMs: () => options.maxAnswerMs?.(),
    });
    this.#logs = new LogClient(logFolder, () => this.windowId, this.#channel);
    this.hold = new ServerHold({
      channel: this.#channel,
      folder: options.ledgerFolder,
      platform: currentPlatform(),
      windowId: () => this.windowId,
      onTakenOver: ({ windowId }, runs) => this.#onTakenOver(windowId, runs),
    });
  }

  get logs(): LogStore {
    return this.#logs;
  }

  /** The pid of the process host; `undefined` while there is none. */
  get pid(): number | undefined {
    return this.#channel.pid;
  }

  /** Returns an id for a new run, unique across all windows. */
  readonly newRunId = (): RunId => `${this.windowId}-${randomBytes(8).toString('hex')}`;

  async join(runId: RunId): Promise<void> {
    await this.#channel.request((request) => ({ kind: 'join', request, runId }));
  }

  async adopt(orphan: Orphan): Promise<void> {
    await this.#sweep;
    await this.#channel.request((request) => ({ kind: 'adopt', request, orphan }));
    this.#live.add(orphan.runId);
  }

  async takeOver({ id: serverId, ...place }: ServerIdentity): Promise<void> {
    const server = { serverId, ...place };
    await this.#channel.request((request) => ({ kind: 'takeOver', request, server }));
  }

  async start(start: StartRequest): Promise<void> {
    await this.#sweep;
    const logBytes = this.options.logs?.maxBytes() ?? 0;
    this.#channel.sendEnvironment(this.#editorEnvironment.current());
    const started = this.#channel.request((request) => ({ kind: 'start', request, start, logBytes }));
    this.#logs.renewWatches();
    this.#live.add(start.runId);
    await started.catch((error: unknown) => this.#giveUp(start.runId, error));
  }

  cancelStart(runId: RunId): void {
    // After the start itself.
    void this.#sweep.then(() => this.#channel.post({ kind: 'cancelStart', runId }));
  }

  /** Cancels a start that was given up: the process host may still run it when it responds again. */
  #giveUp(runId: RunId, error: unknown): never {
    this.#live.delete(runId);
    const stop = { runId, ...defaultStopPlan };
    if (error instanceof ServerError && error.reason === 'hostFrozen')
      this.#channel.postRequest((request) => ({ kind: 'stop', request, stop }));
    throw error;
  }

  async stop(stop: StopRequest): Promise<StopReport> {
    if (!this.#channel.isRunning)
      throw new ServerError('hostLost', untranslated('The process host is not running.'));
    const message = (request: number) => ({ kind: 'stop', request, stop }) as const;
    const { kind: _, ...report } = await this.#channel.requestAnswer('stopped', message);
    if (report.survivors.length === 0) this.#live.delete(stop.runId);
    return report;
  }

  async inspectPort(port: number): Promise<PortUse> {
    const message = (request: number) => ({ kind: 'inspectPort', request, port }) as const;
    return (await this.#channel.requestAnswer('portUse', message)).use;
  }

  async killPortOwner(port: number, process: ProcessIdentity): Promise<void> {
    await this.#channel.request((request) => ({ kind: 'endHolder', request, port, process }));
  }

  onEvent(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(...[runId, columns, rows, onOutput, above]: Parameters<OutputHost['attach']>): () => void {
    this.#viewers.set(runId, onOutput);
    this.#channel.post({ kind: 'attach', runId, columns, rows, ...(above && { above }) });
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

  /** Kills a process host that does not respond. Resolves when its servers are verified dead. */
  async endUnresponsive(): Promise<void> {
    if (this.#channel.isResponsive) return;
    const lost = new Deferred();
    const endListening = this.onEvent(({ kind }) => kind === 'hostLost' && lost.resolve());
    this.#channel.killUnresponsive();
    await lost.promise.finally(endListening);
  }

  /** Closes the channel, so that the process host exits. Resolves when it is gone, and its servers with it. */
  async dispose(): Promise<void> {
    const killed = await this.#channel.dispose();
    if (killed !== undefined) await this.#endOrphansOf(killed);
  }

  #onTakenOver(windowId: string, runs: readonly RunFacts[]): void {
    this.windowId = windowId;
    for (const { runId, events } of runs)
      if (!events.some(({ kind }) => kind === 'ended')) this.#live.add(runId);
    this.#logs.renewWatches();
  }

  #onMessage(message: HostNotification): void {
    switch (message.kind) {
      case 'event':
        if (message.event.kind === 'ended') this.#live.delete(message.event.runId);
        return this.#emit(message.event);
      case 'output':
        return this.#viewers.get(message.runId)?.(message.data, message.skippedBytes);
      case 'logGrown':
        return this.#logs.onGrown(message.log);
    }
  }

  /** Stops the remaining servers before it reports the loss. */
  #onLost(pid: number, message: Text): void {
    this.#viewers.clear();
    this.#live.clear();
    this.#sweep = this.#endOrphansOf(pid).then(() => this.#emit({ kind: 'hostLost', message }));
  }

  async #endOrphansOf(pid: number): Promise<void> {
    try {
      await terminateOrphansOfWindow(this.windowId, pid, this.orphanDeps);
    } catch (error) {
      this.options.log.error('What the process host left running could not be ended', error);
    }
  }

  #emit(event: ProcessEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
