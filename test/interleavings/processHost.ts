import type { TaskQueue } from './randomOrder.js';
import { ServerError, type FailureReason } from '../../src/core/server/errors.js';
import type { ProcessEvent, StartRequest, StopReport } from '../../src/core/lifecycle/processHost.js';
import type { ExitStatus, RunId, Survivor } from '../../src/core/server/state.js';
import { Channel } from './channel.js';
import { endpoint } from '../unit/core/support/fakes.js';

/** Faults to inject; the first operation that one affects consumes it. */
export interface Faults {
  spawnFails: FailureReason | undefined;
  /** Refuses a stop although the processes are alive. */
  stopFails: boolean;
  /** Process of a tree that survives SIGKILL. */
  survivor: 'root' | 'child' | undefined;
}

/** A process tree of the simulated system. */
export interface Tree {
  readonly request: StartRequest;
  root: boolean;
  leftover: boolean;
  url: string | undefined;
  /** Readiness that was reported last. */
  health: 'starting' | 'ready' | 'unhealthy';
}

export interface HostDeps {
  readonly scheduler: TaskQueue;
  readonly faults: Faults;
  emit(event: ProcessEvent): void;
  /** Called when a process is created. */
  onSpawn(runId: RunId): void;
}

interface HostRun {
  readonly tree: Tree;
  readonly pid: number;
  exit: { readonly status: ExitStatus; readonly interrupted: boolean } | undefined;
  isReported: boolean;
  stopping: Promise<readonly Survivor[]> | undefined;
}

export function isAlive({ root, leftover }: Tree): boolean {
  return root || leftover;
}

/**
 * A process host with every behavior that the contract of `ProcessHost` allows: it answers late, ends trees in steps,
 * reports an end that a stop caused before or after the answer to that stop, and may die at any moment, with its trees.
 */
export class SimulatedHost {
  readonly #runs = new Map<RunId, HostRun>();
  readonly #cancelled = new Set<RunId>();
  readonly #inbox: Channel;
  readonly #outbox: Channel;
  #lost = false;

  constructor(
    private readonly deps: HostDeps,
    private readonly nextPid: () => number,
  ) {
    this.#inbox = new Channel(deps.scheduler, 'to the host');
    this.#outbox = new Channel(deps.scheduler, 'from the host');
  }

  get trees(): readonly Tree[] {
    return [...this.#runs.values()].map(({ tree }) => tree);
  }

  /** Whether all messages in both directions have been delivered. */
  get isQuiet(): boolean {
    return this.#inbox.isEmpty && this.#outbox.isEmpty;
  }

  start(request: StartRequest, done: () => void, refused: (error: ServerError) => void): void {
    this.#inbox.send(`start ${request.runId}`, () => void this.#start(request, done, refused));
  }

  cancelStart(runId: RunId): void {
    this.#inbox.send(`cancel ${runId}`, () => void this.#cancelled.add(runId));
  }

  stop(runId: RunId, done: (report: StopReport) => void, refused: (error: ServerError) => void): void {
    this.#inbox.send(`stop ${runId}`, () => void this.#stop(runId, done, refused));
  }

  /** Ends the root of a tree without a stop. */
  exit(runId: RunId, status: ExitStatus, interrupted: boolean): void {
    const run = this.#runs.get(runId);
    if (!run?.tree.root) return;
    run.tree.root = false;
    run.exit = { status, interrupted };
    if (run.isReported) void this.#sweep(runId, run);
  }

  listen(runId: RunId, url: string): void {
    const run = this.#runs.get(runId);
    if (!run?.tree.root || !run.isReported || run.stopping) return;
    run.tree.url = url;
    run.tree.health = 'ready';
    this.#outbox.send(`${runId} listens`, () =>
      this.deps.emit({ kind: 'ready', runId, endpoint: endpoint(url) }),
    );
  }

  /** Reports a run as not ready in time, or not any more. */
  failReadiness(runId: RunId): void {
    const run = this.#runs.get(runId);
    if (!run?.tree.root || !run.isReported || run.stopping) return;
    run.tree.health = 'unhealthy';
    const problem = { kind: 'timeout', seconds: 60, attempts: [] } as const;
    this.#outbox.send(`${runId} is not ready`, () =>
      this.deps.emit({ kind: 'unhealthy', runId, problem, endpoint: undefined }),
    );
  }

  lose(): void {
    this.#lost = true;
    this.#runs.clear();
    this.#inbox.lose();
    this.#outbox.lose();
  }

  async #start(
    request: StartRequest,
    done: () => void,
    refused: (error: ServerError) => void,
  ): Promise<void> {
    const { runId } = request;
    await this.#delay(`looks for the command of ${runId}`);
    const reason = this.#cancelled.has(runId) ? 'cancelled' : this.deps.faults.spawnFails;
    if (reason) {
      if (reason !== 'cancelled') this.deps.faults.spawnFails = undefined;
      this.#outbox.send(`${runId} refused`, () => refused(new ServerError(reason, 'No such command.')));
      return;
    }
    const pid = this.nextPid();
    const tree: Tree = { request, root: true, leftover: false, url: undefined, health: 'starting' };
    const run: HostRun = { tree, pid, exit: undefined, isReported: false, stopping: undefined };
    this.#runs.set(runId, run);
    this.deps.onSpawn(runId);
    await this.#delay(`identifies ${runId}`);
    const process = { pid, startTime: '7', bootId: 'b' };
    this.#outbox.send(`${runId} spawned`, () => this.deps.emit({ kind: 'spawned', runId, process }));
    run.isReported = true;
    if (run.exit) await this.#sweep(runId, run);
    this.#outbox.send(`${runId} started`, done);
  }

  async #stop(
    runId: RunId,
    done: (report: StopReport) => void,
    refused: (error: ServerError) => void,
  ): Promise<void> {
    const run = this.#runs.get(runId);
    if (this.deps.faults.stopFails) {
      this.deps.faults.stopFails = false;
      const error = new ServerError('badRequest', 'The stop was not understood.');
      this.#outbox.send(`stop of ${runId} refused`, () => refused(error));
      return;
    }
    const survivors = run ? await this.#stopTree(runId, run) : [];
    if (survivors.length === 0) await this.#delay(`tries the ports of ${runId}`);
    const report = { forced: survivors.length > 0, survivors, busyPorts: [] };
    this.#outbox.send(`${runId} stopped`, () => done(report));
  }

  /** Ends the processes that a root left behind, then reports its end. */
  async #sweep(runId: RunId, run: HostRun): Promise<void> {
    if (!run.exit) return;
    const { status: exit, interrupted } = run.exit;
    const survivors = await this.#stopTree(runId, run);
    const event = { kind: 'ended', runId, exit, interrupted, tail: [], survivors } as const;
    this.#outbox.send(`${runId} ended`, () => this.deps.emit(event));
  }

  /** Ends a tree; calls while this is in progress share its result. */
  #stopTree(runId: RunId, run: HostRun): Promise<readonly Survivor[]> {
    run.stopping ??= this.#endTree(runId, run).finally(() => {
      run.stopping = undefined;
    });
    return run.stopping;
  }

  async #endTree(runId: RunId, run: HostRun): Promise<readonly Survivor[]> {
    const { tree } = run;
    await this.#delay(`signals ${runId}`);
    const { survivor } = this.deps.faults;
    this.deps.faults.survivor = undefined;
    tree.leftover = isAlive(tree) && survivor === 'child';
    if (tree.root && survivor !== 'root') {
      tree.root = false;
      run.exit = { status: { kind: 'signal', signal: 'SIGTERM' }, interrupted: false };
      void this.#delay(`collects ${runId}`).then(() => this.#sweep(runId, run));
    }
    await this.#delay(`verifies the end of ${runId}`);
    const alive = [
      { pid: run.pid, command: 'root', lives: tree.root },
      { pid: run.pid + 1, command: 'child', lives: tree.leftover },
    ];
    return alive.filter(({ lives }) => lives).map(({ pid, command }) => ({ pid, command }));
  }

  /** Waits for the scheduler; never resolves on a lost host. */
  async #delay(label: string): Promise<void> {
    await this.deps.scheduler.schedule(Promise.resolve(), label);
    if (this.#lost) await new Promise<never>(() => undefined);
  }
}
