import type { Scheduler } from 'fast-check';
import { ServerError, type FailureReason } from '../../src/core/server/errors.js';
import type { ProcessEvent, StartRequest, StopReport } from '../../src/core/lifecycle/processHost.js';
import type { ExitStatus, RunId, Survivor } from '../../src/core/server/state.js';
import { Channel } from './channel.js';
import { endpoint } from '../unit/core/support/fakes.js';

/** What goes wrong next; each is used up by the first that meets it. */
export interface Mood {
  spawnFails: FailureReason | undefined;
  /** A stop is refused though the processes live. */
  stopFails: boolean;
  /** Which process of a tree outlives SIGKILL. */
  survivor: 'root' | 'child' | undefined;
}

/** A process tree in the imagined system. */
export interface Tree {
  readonly request: StartRequest;
  root: boolean;
  leftover: boolean;
  url: string | undefined;
  /** What was told last of its readiness. */
  health: 'starting' | 'ready' | 'unhealthy';
}

export interface HostDeps {
  readonly scheduler: Scheduler;
  readonly mood: Mood;
  tell(event: ProcessEvent): void;
  /** A process came into being. */
  onSpawn(runId: RunId): void;
}

interface HostRun {
  readonly tree: Tree;
  readonly pid: number;
  exit: { readonly status: ExitStatus; readonly interrupted: boolean } | undefined;
  isTold: boolean;
  stopping: Promise<readonly Survivor[]> | undefined;
}

export function isAlive({ root, leftover }: Tree): boolean {
  return root || leftover;
}

/**
 * A process host as the contract of `ProcessHost` allows it: it answers late, ends trees in steps, tells an end that a
 * stop caused before or after the stop's own answer, and may die at any moment. When it dies its trees die with it.
 */
export class SimulatedHost {
  readonly #runs = new Map<RunId, HostRun>();
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

  /** Whether everything that happened here has been told. */
  get isQuiet(): boolean {
    return this.#inbox.isEmpty && this.#outbox.isEmpty;
  }

  start(request: StartRequest, done: () => void, refused: (error: ServerError) => void): void {
    this.#inbox.send(`start ${request.runId}`, () => void this.#start(request, done, refused));
  }

  stop(runId: RunId, done: (report: StopReport) => void, refused: (error: ServerError) => void): void {
    this.#inbox.send(`stop ${runId}`, () => void this.#stop(runId, done, refused));
  }

  /** The root of a tree ends without being asked to. */
  exit(runId: RunId, status: ExitStatus, interrupted: boolean): void {
    const run = this.#runs.get(runId);
    if (!run?.tree.root) return;
    run.tree.root = false;
    run.exit = { status, interrupted };
    if (run.isTold) void this.#sweep(runId, run);
  }

  listen(runId: RunId, url: string): void {
    const run = this.#runs.get(runId);
    if (!run?.tree.root || !run.isTold || run.stopping) return;
    run.tree.url = url;
    run.tree.health = 'ready';
    this.#outbox.send(`${runId} listens`, () =>
      this.deps.tell({ kind: 'ready', runId, endpoint: endpoint(url) }),
    );
  }

  /** It is not ready in time, or not any more. */
  ail(runId: RunId): void {
    const run = this.#runs.get(runId);
    if (!run?.tree.root || !run.isTold || run.stopping) return;
    run.tree.health = 'unhealthy';
    const problem = { kind: 'timeout', seconds: 60, attempts: [] } as const;
    this.#outbox.send(`${runId} is not ready`, () =>
      this.deps.tell({ kind: 'unhealthy', runId, problem, endpoint: undefined }),
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
    await this.#time(`looks for the command of ${runId}`);
    const reason = this.deps.mood.spawnFails;
    if (reason) {
      this.deps.mood.spawnFails = undefined;
      this.#outbox.send(`${runId} refused`, () => refused(new ServerError(reason, 'No such command.')));
      return;
    }
    const pid = this.nextPid();
    const tree: Tree = { request, root: true, leftover: false, url: undefined, health: 'starting' };
    const run: HostRun = { tree, pid, exit: undefined, isTold: false, stopping: undefined };
    this.#runs.set(runId, run);
    this.deps.onSpawn(runId);
    await this.#time(`identifies ${runId}`);
    const process = { pid, startTime: '7', bootId: 'b' };
    this.#outbox.send(`${runId} spawned`, () => this.deps.tell({ kind: 'spawned', runId, process }));
    run.isTold = true;
    if (run.exit) await this.#sweep(runId, run);
    this.#outbox.send(`${runId} started`, done);
  }

  async #stop(
    runId: RunId,
    done: (report: StopReport) => void,
    refused: (error: ServerError) => void,
  ): Promise<void> {
    const run = this.#runs.get(runId);
    if (this.deps.mood.stopFails) {
      this.deps.mood.stopFails = false;
      const error = new ServerError('badRequest', 'The stop was not understood.');
      this.#outbox.send(`stop of ${runId} refused`, () => refused(error));
      return;
    }
    const survivors = run ? await this.#stopTree(runId, run) : [];
    if (survivors.length === 0) await this.#time(`tries the ports of ${runId}`);
    const report = { forced: survivors.length > 0, survivors, busyPorts: [] };
    this.#outbox.send(`${runId} stopped`, () => done(report));
  }

  /** Ends what a root left behind, then tells its end. */
  async #sweep(runId: RunId, run: HostRun): Promise<void> {
    if (!run.exit) return;
    const { status: exit, interrupted } = run.exit;
    const survivors = await this.#stopTree(runId, run);
    const event = { kind: 'ended', runId, exit, interrupted, tail: [], survivors } as const;
    this.#outbox.send(`${runId} ended`, () => this.deps.tell(event));
  }

  /** One at a time; who asks while it is under way gets its result. */
  #stopTree(runId: RunId, run: HostRun): Promise<readonly Survivor[]> {
    run.stopping ??= this.#endTree(runId, run).finally(() => {
      run.stopping = undefined;
    });
    return run.stopping;
  }

  async #endTree(runId: RunId, run: HostRun): Promise<readonly Survivor[]> {
    const { tree } = run;
    await this.#time(`signals ${runId}`);
    const { survivor } = this.deps.mood;
    this.deps.mood.survivor = undefined;
    tree.leftover = isAlive(tree) && survivor === 'child';
    if (tree.root && survivor !== 'root') {
      tree.root = false;
      run.exit = { status: { kind: 'signal', signal: 'SIGTERM' }, interrupted: false };
      void this.#time(`collects ${runId}`).then(() => this.#sweep(runId, run));
    }
    await this.#time(`verifies the end of ${runId}`);
    const alive = [
      { pid: run.pid, command: 'root', lives: tree.root },
      { pid: run.pid + 1, command: 'child', lives: tree.leftover },
    ];
    return alive.filter(({ lives }) => lives).map(({ pid, command }) => ({ pid, command }));
  }

  /** Something that takes its time; never ends on a host that is lost. */
  async #time(what: string): Promise<void> {
    await this.deps.scheduler.schedule(Promise.resolve(), what);
    if (this.#lost) await new Promise<never>(() => undefined);
  }
}
