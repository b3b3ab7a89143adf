import type { StartRequest, StopReport } from '../../core/lifecycle/processHost.js';
import type { ExitStatus, ProcessIdentity, RunId } from '../../core/server/state.js';
import { defaultStopPlan, type StopPlan } from '../../core/server/overrides.js';
import { UrlWatcher } from '../readiness/urlWatcher.js';
import type { Launch } from '../launch/launch.js';
import { portsOfUrls } from '../../core/server/urlPort.js';
import { portsInUse } from '../sockets/tcpPorts.js';
import { unknownStart, type TreeRoot } from '../system/processes.js';
import { RunRecord } from './runRecord.js';
import type { HostEvent } from '../ipc/protocol.js';
import { consolesInUse } from '../launch/windowsConsole.js';
import { startRoot, type RootProcess } from '../launch/rootProcess.js';
import type { SessionLeaders } from '../launch/sessionLeader.js';
import { ReadinessMonitor } from '../readiness/readinessMonitor.js';
import { RunOutput } from '../output/runOutput.js';
import { escapedPorts, escapedText } from './escapedPorts.js';
import type { DaemonUser } from './keptDaemons.js';
import { RunTree, type RunTreeDeps } from './runTree.js';
import type { RunLog } from '../logs/serverLogs.js';
import type { KeptDaemon } from '../processTree/daemons.js';
import { nothingFound } from '../processTree/terminate.js';
import type { SocketScanDeps } from '../sockets/socketOwners.js';
import { identityOf, type ServerId, type ServerIdentity } from '../../core/server/identity.js';
import type { ReadinessReport } from '../readiness/readinessTypes.js';
import { errorMessage } from '../../core/errorMessage.js';

/** An end within this time after Ctrl+C counts as interrupted by the user, milliseconds. */
const interruptMs = 10_000;

/** Input that a terminal sends for Ctrl+C. */
const interruptInput = '\u0003';

/** Time for the descendants of a server that ended after Ctrl+C: the terminal has sent them SIGINT too; milliseconds. */
const interruptGraceMs = 5000;

/** Text in the terminal before the system's error message. */
const unlistedText =
  'What this server starts is not known, so its address may be missing and processes may stay behind.';

export interface ServerRunDeps extends RunTreeDeps, SocketScanDeps {
  /** Log file of the server, if it has one. */
  readonly log: RunLog | undefined;
  readonly leaders: SessionLeaders | undefined;
}

/** A started server: its terminal, output, process tree, readiness and end. */
export class ServerRun implements DaemonUser {
  readonly id: RunId;
  readonly serverId: ServerId;
  /** The server that it runs. */
  readonly server: ServerIdentity;
  readonly #readiness: ReadinessMonitor;
  readonly #urlWatcher: UrlWatcher;
  readonly #createdAt = Date.now();
  readonly output: RunOutput;
  readonly #terminal: RootProcess;
  #started: Promise<void> | undefined;
  #root: TreeRoot | undefined;
  #record: RunRecord | undefined;
  #interruptedAt = Number.NEGATIVE_INFINITY;
  #exit: ExitStatus | undefined;
  #isStopRequested = false;
  #urls: readonly string[] = [];
  #tree: RunTree | undefined;

  /** Throws when the system cannot create a terminal or a process. */
  constructor(
    private readonly request: StartRequest,
    { program, env }: Launch,
    private readonly deps: ServerRunDeps,
  ) {
    this.id = request.runId;
    this.serverId = request.serverId;
    this.server = identityOf(request);
    this.#readiness = new ReadinessMonitor({
      rule: request.ready,
      expectedPort: request.port,
      sockets: deps,
      onReport: (report) => this.#onReadiness(report),
    });
    const onPageErrors = (count: number): void => this.#report({ kind: 'pageErrors', runId: this.id, count });
    this.#urlWatcher = new UrlWatcher((output) => this.#readiness.push(output), onPageErrors);
    this.output = new RunOutput({
      send: (data, skippedBytes) => deps.send({ kind: 'output', runId: this.id, data, skippedBytes }),
      pause: () => this.#terminal.pause(),
      resume: () => this.#terminal.resume(),
      log: deps.log,
    });
    this.#terminal = startRoot({
      ...program,
      runId: this.id,
      leaders: deps.leaders,
      cwd: request.cwd,
      env,
      onData: (chunk) => this.#onData(chunk),
      onExit: (exit) => void this.#onExit(exit),
    });
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined && this.#tree?.isStopping !== true;
  }

  get isLive(): boolean {
    return !this.#exit && this.#tree?.isStopping !== true;
  }

  /** How it is stopped when no window says it. */
  get stopPlan(): StopPlan {
    return this.request.stop ?? defaultStopPlan;
  }

  get addressPorts(): readonly number[] {
    return portsOfUrls(this.#urls);
  }

  /** `true` once the root has ended and no process of its tree is alive. */
  get isGone(): boolean {
    return this.hasEnded && this.#tree?.isGone === true;
  }

  /**
   * Identifies the process, reports it, and starts to watch its readiness. Rejects with `spawnFailed` when the process
   * could not be created.
   */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  async #start(): Promise<void> {
    const { pid, leaderPid } = await this.#terminal.started.catch((error: unknown) => {
      this.#readiness.end();
      this.#urlWatcher.end();
      this.output.end();
      throw error;
    });
    const [root, leader] = await Promise.all([
      this.#identify(pid),
      leaderPid === undefined ? undefined : this.#identify(leaderPid),
    ]);
    const { runId, serverId, folder, cwd, stop } = this.request;
    const run = { runId, serverId, folder, cwd, process: root, leader, stop };
    this.#record = new RunRecord(run, process.pid, () => this.#tree?.isGone === true, this.deps);
    this.#root = this.#record.root;
    this.#tree = new RunTree(this.#root, this, () => this.#exit !== undefined, this.deps);
    this.#report({ kind: 'spawned', runId: this.id, process: root });
    if (this.#exit) await this.#finish(this.#exit);
    // Report the pid before doing more work: writing memory right after a fork triggers copy-on-write.
    else setImmediate(() => this.#watch());
  }

  /** Resolves when the tree is verified dead and its ports are free, or with the survivors and busy ports. */
  async stop(plan: StopPlan): Promise<StopReport> {
    this.#isStopRequested = true;
    // Responses during the stop are not reported.
    this.#readiness.end();
    // A process that is being created has no pid yet, so the stop waits for it.
    await this.#started?.catch(() => undefined);
    const { forced, survivors, kept } =
      (await this.#tree?.stop(plan, () => this.#terminal.write(interruptInput))) ?? nothingFound;
    if (survivors.length > 0) return { forced, survivors, busyPorts: [] };
    const ports = withoutPortsOf(kept, this.#readiness.usedPorts);
    const busyPorts = new Set([...(await portsInUse(ports)), ...(await this.#escapedPorts(kept))]);
    return { forced, survivors, busyPorts: [...busyPorts] };
  }

  /** Shows the run in a terminal, which shows `above` already. */
  attach(columns: number, rows: number, above: string | undefined): void {
    this.output.attach(above);
    this.resize(columns, rows);
  }

  input(data: string): void {
    if (this.#exit) return;
    if (data.includes(interruptInput)) this.#interruptedAt = performance.now();
    this.#terminal.write(data);
  }

  resize(columns: number, rows: number): void {
    if (!this.#exit) this.#terminal.resize(columns, rows);
  }

  #watch(): void {
    if (!this.#root || this.#exit || this.#tree?.isStopping) return;
    this.#record?.write();
    this.#readiness.start(this.#root);
  }

  #onReadiness(report: ReadinessReport): void {
    const { endpoint } = report;
    if (endpoint) this.#urls = [endpoint.url, ...(endpoint.otherUrls ?? [])];
    if (report.kind === 'ready') this.#record?.write({ url: endpoint?.url });
    this.#report({ ...report, runId: this.id });
  }

  /**
   * Resolves with the identity of a process. Once it has exited, resolves with an identity that matches no process, so
   * that no process gets a signal.
   */
  async #identify(pid: number): Promise<ProcessIdentity> {
    const identity = await this.deps.platform.identify(pid).catch((error: unknown) => {
      const reason = errorMessage(error);
      this.output.push(Buffer.from(`${unlistedText} ${reason}\r\n`));
      return undefined;
    });
    return identity ?? { pid, startTime: unknownStart, bootId: '' };
  }

  #onData(chunk: Buffer): void {
    this.output.push(chunk);
    this.#urlWatcher.push(chunk);
  }

  async #onExit(exit: ExitStatus): Promise<void> {
    this.#exit = exit;
    if (this.#tree) await this.#finish(exit);
  }

  /** Stops the remaining descendants, then reports the end. A stop under way does the first. */
  async #finish(exit: ExitStatus): Promise<void> {
    this.#readiness.end();
    this.#urlWatcher.end();
    const isInterrupted = performance.now() - this.#interruptedAt < interruptMs;
    const wasAskedForMs = isInterrupted ? interruptGraceMs : 0;
    const { survivors, kept } = (await this.#tree?.endLeftovers(wasAskedForMs)) ?? nothingFound;
    await this.#terminal.closed;
    if (!this.#isStopRequested) this.output.push(escapedText(await this.#escapedPorts(kept)));
    if (survivors.length === 0) await this.deps.platform.endConsoles(consolesInUse);
    const interrupted = this.deps.ledger.wasTaken(this.id) || isInterrupted;
    const tail = this.output.end();
    const { complaint } = this.#readiness;
    const addressInUse = complaint && { addressInUse: complaint };
    this.#report({ kind: 'ended', runId: this.id, exit, interrupted, tail, ...addressInUse, survivors });
  }

  #escapedPorts(kept: readonly KeptDaemon[]): Promise<number[]> {
    const run = { root: this.#root?.process, createdAt: this.#createdAt };
    return escapedPorts(withoutPortsOf(kept, this.#readiness.namedPorts), run, this.deps);
  }

  #report(event: HostEvent): void {
    this.deps.send({ kind: 'event', event });
  }
}

/** Returns the ports without those of daemons that are left running on purpose. */
function withoutPortsOf(kept: readonly KeptDaemon[], ports: readonly number[]): readonly number[] {
  return ports.filter((port) => !kept.some((daemon) => daemon.ports.includes(port)));
}
