import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServerError, toServerError } from '../../core/server/errors.js';
import type { RunFacts, StartRequest, StopRequest } from '../../core/lifecycle/processHost.js';
import type { RunId } from '../../core/server/state.js';
import { AdoptedRun } from './adoptedRun.js';
import { prepareLaunch, type Launch } from '../launch/launch.js';
import { endPortOwner, takeOverRun } from './foreignRun.js';
import { KeptDaemons } from './keptDaemons.js';
import { inspectPort } from '../sockets/portHolders.js';
import type { ClientMessage, HostAnswer, HostMessage } from '../ipc/protocol.js';
import type { ServerLogs } from '../logs/serverLogs.js';
import { PendingStarts, untilCancelled } from './pendingStarts.js';
import { RunHistory } from './runHistory.js';
import { ServerRun, type ServerRunDeps } from './serverRun.js';
import type { SessionLeaders } from '../launch/sessionLeader.js';
import type { ShellEnvironment } from '../launch/shellEnvironment.js';
import type { Orphan } from '../../core/server/otherWindows.js';
import { isSameServer, identityOf, type ServerIdentity } from '../../core/server/identity.js';
import { untranslated } from '../../core/text.js';

export interface SupervisorDeps extends Omit<ServerRunDeps, 'log' | 'leaders' | 'daemons'> {
  /** Leads the sessions of servers; `undefined` where the platform has none or they cannot be used. */
  readonly leaders: Promise<SessionLeaders | undefined>;
  /** Provides the environment that servers inherit. */
  readonly shell: ShellEnvironment;
  readonly logs: ServerLogs;
}

type Run = ServerRun | AdoptedRun;

/** A message about servers; the others concern the window. */
export type ServerMessage = Exclude<ClientMessage, { kind: 'hold' | 'save' | 'release' | 'connect' }>;

/** Owns the runs of one window, and carries out and answers the requests of the window. */
export class Supervisor {
  readonly #runs = new Map<RunId, Run>();
  readonly #starting = new PendingStarts();
  readonly #daemons: KeptDaemons;
  readonly #history = new RunHistory();
  readonly #runDeps: Omit<SupervisorDeps, 'leaders'>;
  #turn: Promise<void> | undefined;
  #closing = false;

  constructor(private readonly deps: SupervisorDeps) {
    this.#daemons = new KeptDaemons(deps, () => this.#runs.values());
    const send = (message: HostMessage): void => {
      this.#history.record(message);
      deps.send(message);
    };
    this.#runDeps = { ...deps, send };
  }

  /** Returns whether a server starts, runs, or is not verified dead. */
  get isBusy(): boolean {
    return this.#starting.count > 0 || [...this.#runs.values()].some(({ isGone }) => !isGone);
  }

  /** Returns what is known of every run, for a window that takes them over. */
  facts(): RunFacts[] {
    const ids = new Set([...this.#runs.keys(), ...this.#starting.runIds]);
    return [...ids].map((runId) => this.#history.factsOf(runId));
  }

  /** Forgets the terminals and logs that a window showed, so that no server waits for it. */
  detachWindow(): void {
    for (const runId of this.#runs.keys()) this.#withTerminal(runId)?.output.detach();
    this.deps.logs.unwatchAll();
  }

  /** Never throws: a failure is the answer to its request. */
  handle(message: ServerMessage): void {
    switch (message.kind) {
      case 'environment':
        return this.deps.shell.setEditor(message.variables);
      case 'start':
        return this.#answer(message.request, this.#start(message));
      case 'cancelStart':
        return this.#starting.cancel(message.runId);
      case 'stop':
        return this.#answer(message.request, this.#stop(message.stop));
      case 'adopt':
        return this.#answer(message.request, this.#adopt(message.orphan));
      case 'inspectPort':
        return this.#answer(message.request, this.#inspectPort(message.port));
      case 'endHolder':
        return this.#answer(message.request, endPortOwner(message.port, message.process, this.#foreignDeps));
      case 'takeOver':
        return this.#answer(message.request, takeOverRun(identityOf(message.server), this.#foreignDeps));
      case 'attach':
        return this.#attach(message);
      case 'detach':
        return this.#withTerminal(message.runId)?.output.detach();
      case 'input':
        return this.#withTerminal(message.runId)?.input(message.data);
      case 'resize':
        return this.#withTerminal(message.runId)?.resize(message.columns, message.rows);
      case 'acknowledge':
        return this.#withTerminal(message.runId)?.output.acknowledge(message.units);
      case 'forget':
        return this.#forget(message.runId);
      case 'flushLogs':
        return this.#answer(message.request, this.deps.logs.flush());
      case 'clearLog':
        return this.#answer(message.request, this.deps.logs.clear(message.log));
      case 'ping':
        return this.#answer(message.request, Promise.resolve());
      case 'join':
        return this.#answer(message.request, this.#join(message.runId));
      case 'watchLog':
        return this.deps.logs.watch(message.log, message.isWatched);
    }
  }

  /** Refuses new starts at once, waits for pending ones, and stops every run with its signal and at most this grace. */
  async shutdown(maxGraceMs: number): Promise<void> {
    this.#closing = true;
    const daemonsEnded = this.#daemons.close();
    // A pending start may wait for the shell.
    await this.deps.shell.end();
    await this.#starting.whenAllOver();
    const runs = [...this.#runs.values()].filter(({ isGone }) => !isGone);
    await Promise.allSettled(
      runs.map((run) => run.stop({ ...run.stopPlan, graceMs: Math.min(run.stopPlan.graceMs, maxGraceMs) })),
    );
    await daemonsEnded;
    await this.deps.logs.close();
    (await this.deps.leaders)?.close();
    await this.deps.ledger.close();
  }

  #answer(request: number, work: Promise<HostAnswer | void>): void {
    work
      .then((answer): HostMessage => ({ kind: 'done', request, answer: answer ?? undefined }))
      .catch((thrown: unknown): HostMessage => {
        const { reason, text } = toServerError(thrown, 'spawnFailed');
        return { kind: 'refused', request, reason, text };
      })
      .then((message) => this.deps.send(message))
      // The channel may close before the work is done; the answer is dropped then.
      .catch(() => undefined);
  }

  #start({ start, logBytes }: Extract<ClientMessage, { kind: 'start' }>): Promise<void> {
    return this.#starting.add(start.runId, (signal) => this.#spawn(start, logBytes, signal));
  }

  async #spawn(request: StartRequest, logBytes: number, signal: AbortSignal): Promise<void> {
    if (this.#runs.has(request.runId))
      throw new ServerError('badRequest', untranslated('Run {0} already exists.', request.runId));
    const run = await this.#fork(request, logBytes, signal);
    // Let other pending starts fork first: writing memory between two forks triggers copy-on-write after each.
    if (this.#starting.count > 1) await this.#endOfTurn();
    try {
      await run.start();
    } catch (error) {
      this.#delete(request.runId);
      throw error;
    }
  }

  /** A separate function, so that no pending start keeps the data of its launch in memory. */
  async #fork(request: StartRequest, logBytes: number, signal: AbortSignal): Promise<ServerRun> {
    // The preparation may wait for the user's shell, and a stop does not wait with it.
    const [launch, leaders] = await untilCancelled(this.#prepare(request), signal);
    if (this.#closing) throw new ServerError('closed', untranslated('The process host is shutting down.'));
    const log = this.deps.logs.startRun(identityOf(request), logBytes);
    this.#forgetEarlier(identityOf(request));
    const run = new ServerRun(request, launch, { ...this.#runDeps, leaders, log, daemons: this.#daemons });
    this.#runs.set(request.runId, run);
    return run;
  }

  async #prepare(request: StartRequest): Promise<[Launch, SessionLeaders | undefined]> {
    this.deps.platform.prepareQueries();
    // The record of this process host must exist before its first process. That of the server may follow, since a process
    // without one is found by the id of the window.
    await this.deps.ledger.created;
    return Promise.all([prepareLaunch(request, this.deps), this.deps.leaders]);
  }

  /** Resolves when the start of the run is complete. Rejects with its error, even if it failed before this call. */
  async #join(runId: RunId): Promise<void> {
    await this.#starting.whenOver(runId);
    if (!this.#runs.has(runId))
      throw new ServerError('spawnFailed', untranslated('The start failed while no window was open.'));
  }

  /** Returns one promise for all pending starts, which then continue together. */
  #endOfTurn(): Promise<void> {
    this.#turn ??= nextTurn().finally(() => {
      this.#turn = undefined;
    });
    return this.#turn;
  }

  async #adopt(orphan: Orphan): Promise<void> {
    await this.deps.ledger.written;
    if (this.#closing) throw new ServerError('closed', untranslated('The process host is shutting down.'));
    this.#runs.set(orphan.runId, new AdoptedRun(orphan, { ...this.#runDeps, daemons: this.#daemons }));
    // The caller deletes the record of the dead process host after this one is written.
    await this.deps.ledger.written;
  }

  get #foreignDeps(): SupervisorDeps & { readonly daemons: KeptDaemons } {
    return { ...this.deps, daemons: this.#daemons };
  }

  async #inspectPort(port: number): Promise<HostAnswer> {
    return { kind: 'portUse', use: await inspectPort(port, this.deps) };
  }

  #attach({ runId, columns, rows, above }: Extract<ClientMessage, { kind: 'attach' }>): void {
    const earlier = above && (this.#withTerminal(above.runId)?.output.text ?? '') + above.notes;
    this.#withTerminal(runId)?.attach(columns, rows, earlier);
  }

  /** Returns a run with a terminal, as adopted runs have none. */
  #withTerminal(runId: RunId): ServerRun | undefined {
    const run = this.#runs.get(runId);
    return run instanceof ServerRun ? run : undefined;
  }

  async #stop({ runId, ...plan }: StopRequest): Promise<HostAnswer> {
    // A start that the window has given up may still be under way.
    this.#starting.cancel(runId);
    await this.#starting.whenOver(runId).catch(() => undefined);
    const run = this.#runs.get(runId);
    // An unknown run was never started, or was forgotten after its end: no process of it is alive.
    const report = run ? await run.stop(plan) : { forced: false, survivors: [], busyPorts: [] };
    return { kind: 'stopped', ...report };
  }

  /** Forgets earlier runs of the server, except one that a terminal shows: that sends `forget` when it closes. */
  #forgetEarlier(server: ServerIdentity): void {
    for (const run of this.#runs.values()) {
      const isEarlier = run instanceof ServerRun && !run.output.isShown && isSameServer(run.server, server);
      if (isEarlier) this.#forget(run.id);
    }
  }

  #forget(runId: RunId): void {
    if (this.#runs.get(runId)?.hasEnded) this.#delete(runId);
  }

  #delete(runId: RunId): void {
    this.#runs.delete(runId);
    this.#history.forget(runId);
  }
}
