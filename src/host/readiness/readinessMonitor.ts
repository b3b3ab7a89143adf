import type { ReadyRule } from '../../core/readiness/readyRule.js';
import { socketHolder, type SocketScanDeps } from '../sockets/socketOwners.js';
import type { Listener } from '../system/listeners.js';
import { programName, type TreeRoot } from '../system/processes.js';
import { EndpointFinder } from './endpointFinder.js';
import {
  initialReadiness,
  isProbeDue,
  nextReadiness,
  responseLimitMs,
  type ReadinessInput,
  type ReadinessReport,
  type ReadinessState,
} from './readinessState.js';
import type { ScannedOutput } from './urlWatcher.js';
import { WakeableSleep } from './wakeableSleep.js';

/** Long pauses end at multiples of `step`, so that all idle servers share one scan; milliseconds. */
const sharedPause = { minMs: 10_000, stepMs: 20_000 };

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
 * Watches whether a server can be used: feeds its output, scans and time-out into `nextReadiness` and passes on the
 * reports. Scans follow output that may announce a change, and otherwise come with growing pauses.
 */
export class ReadinessMonitor {
  readonly #finder: EndpointFinder;
  readonly #pause = new WakeableSleep();
  readonly #ending = new AbortController();
  #state: ReadinessState;
  #timeout: NodeJS.Timeout | undefined;
  #scannedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ReadinessMonitorOptions) {
    const { rule, expectedPort, sockets } = options;
    this.#finder = new EndpointFinder(rule, sockets, expectedPort);
    this.#state = initialReadiness(rule.port !== undefined || expectedPort !== undefined);
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

  push({ urls, otherPorts, text }: ScannedOutput): void {
    for (const url of urls) this.#announce(url);
    for (const port of otherPorts) this.#finder.ignore(port);
    if (text === undefined) return;
    if (this.#finder.match(text)) this.#pause.shorten();
    else if (performance.now() - this.#scannedAt > echoMs) this.#pause.shorten(outputPauseMs);
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

  #announce(url: string): void {
    if (!this.#finder.announce(url)) return;
    void this.#apply({ kind: 'announced' });
    this.#pause.shorten();
  }

  async #watch(root: TreeRoot): Promise<void> {
    while (this.#state.kind !== 'ended') {
      await this.#pause.sleep(alignedMs(this.#state.pauseMs));
      if (!this.#hasEnded) await this.#apply(await this.#scan(root));
    }
  }

  async #scan(root: TreeRoot): Promise<ReadinessInput> {
    const isProbeNeeded = isProbeDue(this.#state, performance.now());
    if (!isProbeNeeded && (await this.#finder.isUnchanged())) return { kind: 'unchanged' };
    this.#scannedAt = performance.now();
    const limit = AbortSignal.timeout(responseLimitMs(this.#state));
    const result = await this.#finder.scan(root, AbortSignal.any([this.#ending.signal, limit]));
    this.#scannedAt = performance.now();
    return { kind: 'scanned', result, at: this.#scannedAt };
  }

  async #apply(event: ReadinessInput): Promise<void> {
    const { state, report } = nextReadiness(this.#state, event, this.options.rule);
    this.#state = state;
    if (report?.kind === 'conflict') await this.#reportConflict(report.listener);
    else if (report) this.options.onReport(report);
  }

  async #reportConflict(listener: Listener): Promise<void> {
    const entry = await socketHolder(listener, this.options.sockets);
    if (this.#hasEnded) return;
    const holder = entry && { pid: entry.pid, name: programName(entry.command) };
    const problem = { kind: 'conflict', port: listener.port, holder } as const;
    this.options.onReport({ kind: 'unhealthy', problem, endpoint: undefined });
  }
}

function alignedMs(pauseMs: number): number {
  if (pauseMs < sharedPause.minMs) return pauseMs;
  const end = performance.now() + pauseMs;
  return pauseMs + sharedPause.stepMs - (end % sharedPause.stepMs);
}
