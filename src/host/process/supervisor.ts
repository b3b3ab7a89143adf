import { setImmediate as nextTurn } from 'node:timers/promises';
import { ServerError, toServerError } from '../../core/server/errors.js';
import type { StartRequest, StopRequest } from '../../core/lifecycle/processHost.js';
import type { RunId } from '../../core/server/state.js';
import { AdoptedRun } from './adoptedRun.js';
import { killPortOwner } from '../sockets/killPortOwner.js';
import { prepareLaunch } from '../launch/launch.js';
import { inspectPort } from '../sockets/portHolders.js';
import type { ClientMessage, HostAnswer, HostMessage } from '../ipc/protocol.js';
import type { ServerLogs } from '../logs/serverLogs.js';
import { ServerRun, type ServerRunDeps } from './serverRun.js';
import type { ShellEnvironment } from '../launch/shellEnvironment.js';
import type { IdleGc } from './idleGc.js';
import type { Orphan } from '../../core/server/otherWindows.js';
import { isSameServer, identityOf, type ServerIdentity } from '../../core/server/identity.js';

/** The polite wait when the extension host is gone: everything must be dead within five seconds. */
export const orphanGraceMs = 1000;

export interface SupervisorDeps extends Omit<ServerRunDeps, 'log'> {
  /** Knows the environment that servers inherit. */
  readonly shell: ShellEnvironment;
  readonly logs: ServerLogs;
  readonly idleGc: IdleGc;
}

type Run = ServerRun | AdoptedRun;

/** Owns the runs of one window: does what the messages ask and answers them. */
export class Supervisor {
  readonly #runs = new Map<RunId, Run>();
  readonly #starting = new Set<Promise<void>>();
  #turn: Promise<void> | undefined;
  #closing = false;

  constructor(private readonly deps: SupervisorDeps) {}

  /** Never throws: what fails is answered. */
  handle(message: ClientMessage): void {
    if (message.kind === 'start' || message.kind === 'stop') this.deps.idleGc.schedule();
    switch (message.kind) {
      case 'start':
        return this.#answer(message.request, this.#start(message.start, message.logBytes));
      case 'stop':
        return this.#answer(message.request, this.#stop(message.stop));
      case 'adopt':
        return this.#answer(message.request, this.#adopt(message.orphan));
      case 'inspectPort':
        return this.#answer(message.request, this.#inspectPort(message.port));
      case 'endHolder':
        return this.#answer(message.request, killPortOwner(message.port, message.process, this.deps));
      case 'attach':
        return this.#started(message.runId)?.attach(message.columns, message.rows);
      case 'detach':
        return this.#started(message.runId)?.detach();
      case 'input':
        return this.#started(message.runId)?.input(message.data);
      case 'resize':
        return this.#started(message.runId)?.resize(message.columns, message.rows);
      case 'acknowledge':
        return this.#started(message.runId)?.acknowledge(message.units);
      case 'forget':
        return this.#forget(message.runId);
      case 'flushLogs':
        return this.#answer(message.request, this.deps.logs.flush());
      case 'watchLog':
        return this.deps.logs.watch(message.log, message.isWatched);
    }
  }

  /** Ends every run by the usual signal, also those whose start is under way. Nothing can be started from the first moment on. */
  async shutdown(graceMs: number): Promise<void> {
    this.#closing = true;
    // A start may wait for it.
    await this.deps.shell.end();
    await Promise.allSettled(this.#starting);
    const runs = [...this.#runs.values()].filter(({ isGone }) => !isGone);
    await Promise.allSettled(runs.map((run) => run.stop({ signal: 'SIGTERM', graceMs })));
    await this.deps.logs.close();
    await this.deps.ledger.close();
  }

  #answer(request: number, work: Promise<HostAnswer | void>): void {
    work
      .then((answer): HostMessage => ({ kind: 'done', request, answer: answer ?? undefined }))
      .catch((thrown: unknown): HostMessage => {
        const { reason, message } = toServerError(thrown, 'spawnFailed');
        return { kind: 'refused', request, reason, message };
      })
      .then((message) => this.deps.send(message))
      // The channel may close while work is under way; then nobody waits for the answer.
      .catch(() => undefined);
  }

  #start(request: StartRequest, logBytes: number): Promise<void> {
    const start = this.#spawn(request, logBytes).finally(() => this.#starting.delete(start));
    this.#starting.add(start);
    return start;
  }

  async #spawn(request: StartRequest, logBytes: number): Promise<void> {
    if (this.#runs.has(request.runId))
      throw new ServerError('badRequest', `Run ${request.runId} exists already.`);
    const run = await this.#fork(request, logBytes);
    // Others that are due go first: what is written between two forks has to be copied after each.
    if (this.#starting.size > 1) await this.#endOfTurn();
    await run.begin();
  }

  /** Keeps nothing of what the launch needed alone: with many at once that would outlive the quick collection of garbage. */
  async #fork(request: StartRequest, logBytes: number): Promise<ServerRun> {
    const launch = await prepareLaunch(request, this.deps);
    // The record of this process host stands before its first server does; that of the server may follow it, since what
    // is on no record yet is found by the window's id.
    await this.deps.ledger.created;
    if (this.#closing) throw new ServerError('closed', 'The process host is ending.');
    const log = this.deps.logs.startRun(identityOf(request), logBytes);
    this.#forgetEarlier(identityOf(request));
    const run = new ServerRun(request, launch, { ...this.deps, log });
    this.#runs.set(request.runId, run);
    return run;
  }

  /** One for all who wait for it, so that they go on together. */
  #endOfTurn(): Promise<void> {
    this.#turn ??= nextTurn().finally(() => {
      this.#turn = undefined;
    });
    return this.#turn;
  }

  async #adopt(orphan: Orphan): Promise<void> {
    await this.deps.ledger.written;
    if (this.#closing) throw new ServerError('closed', 'The process host is ending.');
    this.#runs.set(orphan.runId, new AdoptedRun(orphan, this.deps));
    // The record of its first process host is given up when this one stands.
    await this.deps.ledger.written;
  }

  async #inspectPort(port: number): Promise<HostAnswer> {
    return { kind: 'portUse', use: await inspectPort(port, this.deps) };
  }

  /** A run with a terminal. */
  #started(runId: RunId): ServerRun | undefined {
    const run = this.#runs.get(runId);
    return run instanceof ServerRun ? run : undefined;
  }

  async #stop({ runId, ...plan }: StopRequest): Promise<HostAnswer> {
    const run = this.#runs.get(runId);
    // A run that nobody knows was never started or was forgotten after its end: either way nothing of it lives.
    const report = run ? await run.stop(plan) : { forced: false, survivors: [], busyPorts: [] };
    return { kind: 'stopped', ...report };
  }

  /** A terminal that opens from now on shows the new run; one that shows an earlier one says when it has done with it. */
  #forgetEarlier(place: ServerIdentity): void {
    for (const run of this.#runs.values()) {
      const isEarlier = run instanceof ServerRun && !run.isShown && isSameServer(run.place, place);
      if (isEarlier) this.#forget(run.id);
    }
  }

  #forget(runId: RunId): void {
    if (this.#runs.get(runId)?.hasEnded) this.#runs.delete(runId);
  }
}
