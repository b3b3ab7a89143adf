import { constants } from 'node:os';
import type { StartRequest, StopReport } from '../../core/lifecycle/processHost.js';
import type { ExitStatus, ProcessIdentity, RunId } from '../../core/server/state.js';
import type { StopPlan } from '../../core/lifecycle/stopPolicy.js';
import { UrlWatcher } from '../readiness/urlWatcher.js';
import type { Launch } from '../launch/launch.js';
import { portsInUse } from '../sockets/tcpPorts.js';
import type { TreeRoot } from '../system/processes.js';
import type { HostEvent, HostMessage } from '../ipc/protocol.js';
import { spawnPty, type Pty } from '../launch/pty.js';
import { ReadinessMonitor } from '../readiness/readinessMonitor.js';
import { RunOutput } from '../output/runOutput.js';
import { RunTree, type RunTreeDeps } from './runTree.js';
import type { RunLog } from '../logs/serverLogs.js';
import type { TerminationReport } from '../processTree/terminate.js';
import type { SocketScanDeps } from '../sockets/socketOwners.js';
import { identityOf, type ServerIdentity } from '../../core/server/identity.js';
import type { ReadinessReport } from '../readiness/readinessState.js';

/** An end this soon after Ctrl+C was typed is its work, milliseconds. */
const interruptMs = 10_000;

/** How what a server left behind is ended when it ended by itself. */
const leftoverPlan: StopPlan = { signal: 'SIGTERM', graceMs: 1000 };

const nothingFound: TerminationReport = { found: false, forced: false, survivors: [] };

export interface ServerRunDeps extends RunTreeDeps, SocketScanDeps {
  readonly send: (message: HostMessage) => void;
  /** Where the output is kept beyond the memory. */
  readonly log: RunLog | undefined;
}

/** One started server: its terminal, its output, its tree of processes and its end. */
export class ServerRun {
  readonly id: RunId;
  /** Which server it is a run of. */
  readonly place: ServerIdentity;
  readonly #readiness: ReadinessMonitor;
  readonly #urlWatcher: UrlWatcher;
  readonly #output: RunOutput;
  readonly #pty: Pty;
  #process: ProcessIdentity | undefined;
  #root: TreeRoot | undefined;
  #interruptedAt = Number.NEGATIVE_INFINITY;
  #exit: ExitStatus | undefined;
  #tree: RunTree | undefined;

  /** Throws when the system cannot make a terminal or a process. */
  constructor(
    private readonly request: StartRequest,
    { program, env }: Launch,
    private readonly deps: ServerRunDeps,
  ) {
    this.id = request.runId;
    this.place = identityOf(request);
    this.#readiness = new ReadinessMonitor({
      rule: request.ready,
      expectedPort: request.port,
      sockets: deps,
      onReport: (report) => this.#onReadiness(report),
    });
    this.#urlWatcher = new UrlWatcher((output) => this.#readiness.push(output));
    this.#output = new RunOutput({
      send: (data, skippedBytes) => deps.send({ kind: 'output', runId: this.id, data, skippedBytes }),
      pause: () => this.#pty.pause(),
      resume: () => this.#pty.resume(),
      log: deps.log,
    });
    this.#pty = spawnPty({
      ...program,
      cwd: request.cwd,
      env,
      onData: (chunk) => this.#onData(chunk),
      onExit: (code, signal) => void this.#onExit(code, signal),
    });
  }

  /** A terminal shows its output. */
  get isShown(): boolean {
    return this.#output.isShown;
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined && this.#tree?.isStopping !== true;
  }

  /** Its root has ended, and nothing of its tree is left. */
  get isGone(): boolean {
    return this.hasEnded && this.#tree?.isGone === true;
  }

  /** Takes the identity of the process, tells it, and begins to watch for its address. */
  async begin(): Promise<void> {
    const { pid } = this.#pty;
    // One that ended before it could be looked at has no start time any more; no signal can match this identity.
    this.#process = (await this.deps.platform.identify(pid).catch(() => undefined)) ?? {
      pid,
      startTime: 'unknown',
      bootId: '',
    };
    this.#root = { name: this.id, process: this.#process, parent: process.pid };
    this.#tree = new RunTree(this.#root, () => this.#exit !== undefined, this.deps);
    this.#report({ kind: 'spawned', runId: this.id, process: this.#process });
    if (this.#exit) await this.#finish(this.#exit);
    // Who waits for the pid goes first: what is written after a fork has to be copied, which takes as long as the rest.
    else setImmediate(() => this.#watch());
  }

  /** Resolves when the tree is verified dead and its ports are free, or with what is not. */
  async stop(plan: StopPlan): Promise<StopReport> {
    // What it answers from here on is no matter any more.
    this.#readiness.end();
    const input = this.deps.platform.politeInput;
    const askPolitely = (): void => {
      if (input !== undefined) this.#pty.write(input);
    };
    // What has no identity yet has not begun, and ends with its own start.
    const { forced, survivors } = (await this.#tree?.stop(plan, askPolitely)) ?? nothingFound;
    const busyPorts = survivors.length > 0 ? [] : await portsInUse(this.#readiness.usedPorts);
    return { forced, survivors, busyPorts };
  }

  attach(columns: number, rows: number): void {
    this.#output.attach();
    this.resize(columns, rows);
  }

  detach(): void {
    this.#output.detach();
  }

  acknowledge(units: number): void {
    this.#output.acknowledge(units);
  }

  input(data: string): void {
    if (this.#exit) return;
    if (data.includes('\u0003')) this.#interruptedAt = performance.now();
    this.#pty.write(data);
  }

  resize(columns: number, rows: number): void {
    if (!this.#exit) this.#pty.resize(columns, rows);
  }

  #watch(): void {
    if (!this.#process || !this.#root || this.#exit || this.#tree?.isStopping) return;
    this.#record(this.#process, undefined);
    this.#readiness.start(this.#root);
  }

  #onReadiness(report: ReadinessReport): void {
    if (this.#process && report.kind === 'ready') this.#record(this.#process, report.endpoint?.url);
    this.#report({ ...report, runId: this.id });
  }

  #record(identity: ProcessIdentity, url: string | undefined): void {
    const { runId, serverId, folder, cwd } = this.request;
    this.deps.ledger.set({ runId, serverId, folder, cwd, process: identity, url });
  }

  #onData(chunk: Buffer): void {
    this.#output.push(chunk);
    this.#urlWatcher.push(chunk);
  }

  async #onExit(code: number, signal: number | undefined): Promise<void> {
    this.#exit =
      signal === undefined ? { kind: 'code', code } : { kind: 'signal', signal: signalName(signal) };
    if (this.#process) await this.#finish(this.#exit);
  }

  /** Ends what the server left behind, then tells its end. During a stop both is done by that. */
  async #finish(exit: ExitStatus): Promise<void> {
    this.#readiness.end();
    this.#urlWatcher.end();
    const isInterrupted = performance.now() - this.#interruptedAt < interruptMs;
    const { survivors } = (await this.#tree?.endLeftovers(leftoverPlan)) ?? nothingFound;
    const interrupted = this.deps.ledger.wasTaken(this.id) || isInterrupted;
    const tail = this.#output.end();
    this.#report({ kind: 'ended', runId: this.id, exit, interrupted, tail, survivors });
  }

  #report(event: HostEvent): void {
    this.deps.send({ kind: 'event', event });
  }
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `signal ${number}`;
}
