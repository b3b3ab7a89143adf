import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import type { StartRequest, StopReport } from '../core/ports.js';
import type { ExitStatus, ProcessIdentity } from '../core/serverState.js';
import type { StopPlan } from '../core/stopPlan.js';
import { UrlScanner } from '../core/urlScanner.js';
import { heldAmong } from './ports.js';
import type { HostEvent, HostMessage } from './protocol.js';
import { spawnPty, type Pty } from './pty.js';
import { Readiness } from './readiness.js';
import { RunOutput } from './runOutput.js';
import { RunTree, type TreePorts } from './runTree.js';
import type { RunLog } from './serverLogs.js';
import type { TreeStopReport } from './stopTree.js';

/** Output that rests this long in an unfinished line is scanned as it is, milliseconds. */
const restMs = 50;

/** An end this soon after Ctrl+C was typed is its work, milliseconds. */
const interruptMs = 10_000;

/** How what a server left behind is ended when it ended by itself. */
const leftoverPlan: StopPlan = { signal: 'SIGTERM', graceMs: 1000 };

export interface RunPorts extends TreePorts {
  readonly send: (message: HostMessage) => void;
  /** Where the output is kept beyond the memory. */
  readonly log: RunLog | undefined;
}

/** One started server: its terminal, its output, its tree of processes and its end. */
export class ServerRun {
  readonly #decoder = new StringDecoder('utf8');
  readonly #scanner = new UrlScanner();
  readonly #readiness: Readiness;
  readonly #output: RunOutput;
  readonly #pty: Pty;
  #process: ProcessIdentity | undefined;
  #rest: NodeJS.Timeout | undefined;
  #interruptedAt = Number.NEGATIVE_INFINITY;
  #exit: ExitStatus | undefined;
  #markCollected = (): void => undefined;
  readonly #collected = new Promise<void>((resolve) => {
    this.#markCollected = resolve;
  });
  #tree: RunTree | undefined;

  /** Throws when the system cannot make a terminal or a process. */
  constructor(
    private readonly request: StartRequest,
    argv: readonly [string, ...string[]],
    env: Readonly<Record<string, string>>,
    private readonly ports: RunPorts,
  ) {
    const [file, ...args] = argv;
    this.#readiness = new Readiness((url) => this.#listening(url));
    this.#output = new RunOutput({
      send: (data, skippedBytes) => ports.send({ kind: 'output', runId: request.runId, data, skippedBytes }),
      pause: () => this.#pty.pause(),
      resume: () => this.#pty.resume(),
      log: ports.log,
    });
    this.#pty = spawnPty({
      file,
      args,
      cwd: request.cwd,
      env,
      onData: (chunk) => this.#onData(chunk),
      onExit: (code, signal) => void this.#onExit(code, signal),
    });
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined && this.#tree?.isStopping !== true;
  }

  /** Takes the identity of the process, tells it, and begins to watch for its address. */
  async begin(): Promise<void> {
    const { pid } = this.#pty;
    // One that ended before it could be looked at has no start time any more; no signal can match this identity.
    this.#process = (await this.ports.platform.identify(pid).catch(() => undefined)) ?? {
      pid,
      startTime: 'unknown',
      bootId: '',
    };
    const root = { name: this.request.runId, process: this.#process, parent: process.pid };
    const rootEnd = { isCollected: () => this.#exit !== undefined, collected: this.#collected };
    this.#tree = new RunTree(root, rootEnd, this.ports);
    this.#record(this.#process, undefined);
    this.#tell({ kind: 'spawned', runId: this.request.runId, process: this.#process });
    if (this.request.port !== undefined) this.#readiness.announce(`http://localhost:${this.request.port}/`);
    if (this.#exit) await this.#finish(this.#exit);
  }

  /** Resolves when the tree is verified dead and its ports are free, or with what is not. */
  async stop(plan: StopPlan): Promise<StopReport> {
    const { forced, survivors } = await this.#stopTree(plan, true);
    const busyPorts = survivors.length > 0 ? [] : await heldAmong(this.#readiness.ports);
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

  #listening(url: string): void {
    if (this.#process) this.#record(this.#process, url);
    this.#tell({ kind: 'listening', runId: this.request.runId, url });
  }

  #record(identity: ProcessIdentity, url: string | undefined): void {
    const { runId, serverId, cwd } = this.request;
    this.ports.ledger.set({ runId, serverId, cwd, process: identity, url });
  }

  #onData(chunk: Buffer): void {
    this.#output.push(chunk);
    for (const url of this.#scanner.push(this.#decoder.write(chunk))) this.#readiness.announce(url);
    this.#rest ??= setTimeout(() => {
      this.#rest = undefined;
      for (const url of this.#scanner.flush()) this.#readiness.announce(url);
    }, restMs);
  }

  async #onExit(code: number, signal: number | undefined): Promise<void> {
    this.#exit =
      signal === undefined ? { kind: 'code', code } : { kind: 'signal', signal: signalName(signal) };
    this.#markCollected();
    if (this.#process) await this.#finish(this.#exit);
  }

  /** Ends what the server left behind, then tells its end. During a stop both is done by that. */
  async #finish(exit: ExitStatus): Promise<void> {
    this.#readiness.end();
    clearTimeout(this.#rest);
    const isInterrupted = performance.now() - this.#interruptedAt < interruptMs;
    const { survivors } = await this.#stopTree(leftoverPlan, false);
    const interrupted = this.ports.ledger.wasTaken(this.request.runId) || isInterrupted;
    const tail = this.#output.end();
    this.#tell({ kind: 'ended', runId: this.request.runId, exit, interrupted, tail, survivors });
  }

  /** What has no identity yet has not begun, and ends with its own start. */
  async #stopTree(plan: StopPlan, ask: boolean): Promise<TreeStopReport> {
    const input = ask ? this.ports.platform.politeInput : undefined;
    const askPolitely = (): void => {
      if (input !== undefined) this.#pty.write(input);
    };
    return this.#tree?.stop(plan, askPolitely) ?? { found: false, forced: false, survivors: [] };
  }

  #tell(event: HostEvent): void {
    this.ports.send({ kind: 'event', event });
  }
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found?.[0] ?? `signal ${number}`;
}
