import type { ReadyRule } from '../../core/readiness/readyRule.js';
import type { AddressInUse } from '../../core/urlDetection/addressInUse.js';
import { socketHolder, type SocketScanDeps } from '../sockets/socketOwners.js';
import type { PortEvidence } from './portEvidence.js';
import { programName, type TreeRoot } from '../system/processes.js';
import { EndpointFinder } from './endpointFinder.js';
import { NewSockets } from './newSockets.js';
import { OutputFacts } from './outputFacts.js';
import { doubled, newsBackoff } from './readinessPauses.js';
import { initialReadiness, isProbeDue, nextReadiness, responseLimitMs } from './readinessState.js';
import type { ReadinessInput, ReadinessReport, ReadinessState } from './readinessTypes.js';
import type { ScannedOutput } from './urlWatcher.js';
import { WakeableSleep } from './wakeableSleep.js';

/** Long pauses end at multiples of `step`, so that all idle servers share one scan; milliseconds. */
const sharedPause = { minMs: 10_000, stepMs: 20_000 };

/**
 * Interval at which the sockets of a starting server are compared, milliseconds. It adds to the time until a server that
 * prints nothing is found.
 */
const socketPollMs = 400;

/** Output may announce a change, so the next scan follows within this time; milliseconds. */
const outputPauseMs = 250;

/** Output this soon after a request is most likely its log line; milliseconds. */
const echoMs = 1000;

export interface ReadinessMonitorOptions {
  readonly rule: ReadyRule;
  /** Port on which the server is expected; it may choose another one. */
  readonly expectedPort: number | undefined;
  readonly sockets: SocketScanDeps;
  readonly onReport: (report: ReadinessReport) => void;
}

/**
 * Watches whether a server can be used: passes its output, scans and timeout to `nextReadiness`, and forwards the
 * reports. Scans follow output that may announce a change, and otherwise come with growing pauses.
 */
export class ReadinessMonitor {
  readonly #facts: OutputFacts;
  readonly #finder: EndpointFinder;
  readonly #newSockets: NewSockets;
  readonly #pause = new WakeableSleep();
  readonly #ending = new AbortController();
  #state: ReadinessState;
  #timeout: NodeJS.Timeout | undefined;
  #scannedAt = Number.NEGATIVE_INFINITY;
  #isScanning = false;
  /** Whether there was news since the last scan began, and the pause between it and the next scan, milliseconds. */
  #hasNews = false;
  #newsPauseMs = 0;

  constructor(private readonly options: ReadinessMonitorOptions) {
    const { rule, expectedPort } = options;
    this.#facts = new OutputFacts(rule, expectedPort);
    this.#newSockets = new NewSockets(options.sockets);
    this.#finder = new EndpointFinder({
      ...options,
      facts: this.#facts,
      ending: this.#ending.signal,
      onNews: () => this.#onNews(),
    });
    this.#state = initialReadiness(rule.port !== undefined || expectedPort !== undefined, performance.now());
  }

  /** Starts to scan for the sockets of the process tree. Output from before is not lost. */
  start(root: TreeRoot): void {
    if (this.#hasEnded) return;
    this.#timeout = setTimeout(
      () => void this.#apply({ kind: 'timeout', attempts: [...this.#finder.attempts] }),
      this.options.rule.timeoutMs,
    );
    void this.#watch(root);
  }

  /** Ports on which the server has listened. */
  get usedPorts(): readonly number[] {
    return this.#finder.usedPorts;
  }

  /** Ports on which the server was expected, or that its output has named. */
  get namedPorts(): readonly number[] {
    return [...this.#facts.announced.urls.keys()];
  }

  /** The server's complaint that its port is in use, unless it was ready since. */
  get complaint(): AddressInUse | undefined {
    return this.#facts.complaintWithPort;
  }

  push(output: ScannedOutput): void {
    if (this.#facts.take(output)) this.#onNews();
    else if (output.text !== undefined && performance.now() - this.#scannedAt > echoMs)
      this.#pause.shorten(outputPauseMs);
  }

  end(): void {
    void this.#apply({ kind: 'ended' });
    this.#ending.abort();
    clearTimeout(this.#timeout);
    this.#pause.shorten();
  }

  get #hasEnded(): boolean {
    return this.#state.kind === 'ended';
  }

  #onNews(): void {
    this.#hasNews = true;
    // The scan may miss it, and would put off the next request.
    if (!this.#isScanning) this.#scanAfterNews();
  }

  #scanAfterNews(): void {
    const pauseMs = this.#state.kind === 'waiting' ? 0 : this.#newsPauseMs;
    void this.#apply({ kind: 'news', at: performance.now(), pauseMs });
    // A timer may fire a millisecond early.
    this.#pause.shorten(pauseMs === 0 ? 0 : pauseMs + 1);
  }

  async #watch(root: TreeRoot): Promise<void> {
    while (this.#state.kind !== 'ended') {
      await this.#sleep(root, alignedMs(this.#state.pauseMs));
      if (this.#hasEnded) return;
      await this.#apply(await this.#scan(root));
      if (this.#hasNews) this.#scanAfterNews();
    }
  }

  /** Sleeps until the next scan, which a new socket of the server brings forward while it starts. */
  async #sleep(root: TreeRoot, pauseMs: number): Promise<void> {
    let restMs = pauseMs;
    while (this.#state.kind === 'waiting' && restMs > socketPollMs && this.#hasFastSockets) {
      if ((await this.#pause.sleep(socketPollMs)) || (await this.#newSockets.hasNew(root))) return;
      restMs -= socketPollMs;
    }
    await this.#pause.sleep(restMs);
  }

  /** Elsewhere a tool lists the sockets, which takes too much time for frequent queries. */
  get #hasFastSockets(): boolean {
    return this.options.sockets.platform.childrenOf(process.pid) !== undefined;
  }

  async #scan(root: TreeRoot): Promise<ReadinessInput> {
    const isProbeNeeded = isProbeDue(this.#state, performance.now());
    if (!isProbeNeeded && (await this.#finder.isUnchanged(root))) return { kind: 'unchanged' };
    this.#scannedAt = performance.now();
    this.#newsPauseMs = this.#hasNews ? doubled(this.#newsPauseMs, newsBackoff) : 0;
    this.#hasNews = false;
    this.#isScanning = true;
    const limit = AbortSignal.timeout(responseLimitMs(this.#state));
    const result = await this.#finder.scan(root, AbortSignal.any([this.#ending.signal, limit]));
    this.#isScanning = false;
    this.#scannedAt = performance.now();
    return { kind: 'scanned', result, at: this.#scannedAt };
  }

  async #apply(event: ReadinessInput): Promise<void> {
    const { state, report } = nextReadiness(this.#state, event, this.options.rule);
    this.#state = state;
    if (report?.kind === 'conflict') await this.#reportConflict(report.evidence);
    else if (report) this.options.onReport(report);
  }

  async #reportConflict({ port, listener }: PortEvidence): Promise<void> {
    const entry = listener && (await socketHolder(listener, this.options.sockets));
    if (this.#hasEnded) return;
    const holder = entry && { pid: entry.pid, name: programName(entry.command) };
    const problem = { kind: 'conflict', port, holder } as const;
    this.options.onReport({ kind: 'unhealthy', problem, endpoint: undefined });
  }
}

function alignedMs(pauseMs: number): number {
  if (pauseMs < sharedPause.minMs) return pauseMs;
  const end = performance.now() + pauseMs;
  return pauseMs + sharedPause.stepMs - (end % sharedPause.stepMs);
}
