import type { Endpoint, ProbeOutcome, ReadinessAttempt } from '../../core/readiness/endpoint.js';
import type { ReadyRule } from '../../core/readiness/readyRule.js';
import type { AddressInUse } from '../../core/urlDetection/addressInUse.js';
import { LinePattern } from '../../core/urlDetection/linePattern.js';
import { scanNearby, scanSockets, type SocketScan, type SocketScanDeps } from '../sockets/socketOwners.js';
import { listenersOn, type Listener } from '../system/listeners.js';
import type { TreeRoot } from '../system/processes.js';
import { AnnouncedPorts } from './announcedPorts.js';
import { findCandidates, isForeignPort, type Candidate } from './endpointChoice.js';
import { EndpointProbe, type ProbedCandidate } from './endpointProbe.js';
import { findPortEvidence } from './portEvidence.js';
import type { ScanResult } from './readinessState.js';
import { SocketHistory } from './socketHistory.js';

/** A claimed port counts as evidence of a conflict after this time without a socket of the server, milliseconds. */
const claimMs = 2000;

/** Finds the endpoint of a server: the port, announced or in use by the server, that is its own and answers. */
export class EndpointFinder {
  readonly #announced = new AnnouncedPorts();
  readonly #history = new SocketHistory();
  readonly #probe: EndpointProbe;
  readonly #pattern: LinePattern | undefined;
  #attempts: ReadinessAttempt[] = [];
  /** Port of the last endpoint. */
  #port: number | undefined;
  /** Ids of the sockets on that port when the endpoint was found. */
  #socketIds: string | undefined;
  #seesWaiting = false;
  /** Candidate that answered last, until the output suggests another one. */
  #confirmed: Candidate | undefined;
  #complaint: AddressInUse | undefined;
  /** Ids of the listening sockets of the machine at the last scan. */
  #knownIds: ReadonlySet<string> = new Set();

  constructor(
    private readonly rule: ReadyRule,
    private readonly deps: SocketScanDeps,
    private readonly expectedPort: number | undefined,
  ) {
    this.#probe = new EndpointProbe(rule);
    this.#pattern = rule.log === undefined ? undefined : new LinePattern(rule.log);
    if (expectedPort !== undefined) this.#announced.expect(expectedPort);
  }

  /** Attempts of the last scan, or of the one under way. */
  get attempts(): readonly ReadinessAttempt[] {
    return this.#attempts;
  }

  /** Ports on which the server has listened, or an announced port was published for it. */
  get usedPorts(): readonly number[] {
    return this.#history.ports;
  }

  /** Takes a URL that the server announced. Returns `false` for a known one. */
  announce(url: string): boolean {
    this.#confirmed = undefined;
    return this.#announced.announce(url);
  }

  /** Remembers a port that the server claims as its own. */
  claim(port: number): void {
    this.#announced.claim(port);
  }

  /** Takes the complaint of the server about its port; `undefined` when it has solved it. */
  complain(complaint: AddressInUse | undefined): void {
    this.#complaint = complaint;
  }

  /** The complaint of the server, unless it was ready since. */
  get complaint(): AddressInUse | undefined {
    return this.#complaint;
  }

  /** Excludes a port, unless the server announces it. */
  ignore(port: number): void {
    if (this.#announced.ignore(port)) this.#confirmed = undefined;
  }

  /** Compares output with the rule. Returns `true` on the first match. */
  match(text: string): boolean {
    if (!this.#pattern || this.#pattern.isFound) return false;
    this.#pattern.push(text);
    return this.#pattern.isFound;
  }

  /** Scans the sockets and sends requests to the candidates. Never rejects. `signal` cancels the requests. */
  async scan(root: TreeRoot, signal: AbortSignal): Promise<ScanResult> {
    if (this.#pattern?.isFound === false) {
      this.#attempts = [{ target: this.rule.log ?? '', outcome: { kind: 'noMatch' } }];
      return this.#unhealthy(undefined, this.#complaint && (await scanSockets(root, this.deps, signal)));
    }
    const complaint = this.#complaint;
    const result = await this.#search(root, signal);
    if (result.kind === 'healthy' && complaint === this.#complaint) this.#complaint = undefined;
    return result;
  }

  /** Returns whether a socket listens on the machine that the last scan did not see. Never rejects. */
  async seesNewSockets(): Promise<boolean> {
    const listeners = await this.deps.sockets.get().catch(() => []);
    return listeners.some(({ id }) => !this.#knownIds.has(id));
  }

  async #search(root: TreeRoot, signal: AbortSignal): Promise<ScanResult> {
    const confirmed = this.#confirmed;
    if (confirmed && (await this.#hasSameSockets())) return this.#probeAgain(root, confirmed, signal);
    const scan = (await this.#scanNearby(root)) ?? (await scanSockets(root, this.deps, signal));
    // Until here the attempts of the last scan are the ones to report.
    this.#attempts = [];
    const candidates = this.#candidates(scan);
    const isLineEnough = this.#pattern && this.rule.http === undefined && !this.rule.tcp;
    if (isLineEnough) return this.#healthy(scan, candidates[0], endpointWithoutProbe(candidates[0]));
    return this.#probeAll(root, scan, candidates, signal);
  }

  /** Returns whether the sockets are those of the found endpoint and no connection waits at them. */
  async isUnchanged(): Promise<boolean> {
    if (this.#port === undefined) return true;
    const sockets = await this.#currentSockets();
    return (
      !sockets || (idsOf(sockets) === this.#socketIds && sockets.every(({ waiting = 0 }) => waiting === 0))
    );
  }

  /** A URL that was just announced is most often right, so its port alone is scanned first. */
  async #scanNearby(root: TreeRoot): Promise<SocketScan | undefined> {
    const port = this.#announced.takeUnread();
    if (port === undefined || this.#port !== undefined || port !== (this.rule.port ?? port)) return undefined;
    return scanNearby(root, port, this.deps);
  }

  async #hasSameSockets(): Promise<boolean> {
    const sockets = await this.#currentSockets();
    return sockets !== undefined && idsOf(sockets) === this.#socketIds;
  }

  /** Returns the sockets of all processes on the current port; `undefined` when the system does not list them. */
  async #currentSockets(): Promise<readonly Listener[] | undefined> {
    const listeners = await this.deps.sockets.get().catch(() => undefined);
    const sockets = listeners && listenersOn(this.#port ?? 0, listeners);
    this.#seesWaiting = sockets !== undefined && sockets.every(({ waiting }) => waiting !== undefined);
    return sockets;
  }

  /** The same sockets have the same owner, so the processes of the machine need no scan. */
  async #probeAgain(root: TreeRoot, confirmed: Candidate, signal: AbortSignal): Promise<ScanResult> {
    this.#attempts = [];
    const { endpoint, isReady } = await this.#probeOne(root, confirmed, signal);
    if (isReady) return { kind: 'healthy', endpoint, seesWaiting: this.#seesWaiting };
    this.#confirmed = undefined;
    return this.#unhealthy(endpoint, undefined);
  }

  async #probeAll(
    root: TreeRoot,
    scan: SocketScan,
    candidates: readonly Candidate[],
    signal: AbortSignal,
  ): Promise<ScanResult> {
    let answering: Endpoint | undefined;
    for (const candidate of candidates) {
      if (signal.aborted) break;
      const { endpoint, isReady } = await this.#probeOne(root, candidate, signal);
      if (endpoint && isReady) {
        this.#confirmed = candidate.sockets.length > 0 ? candidate : undefined;
        return this.#healthy(scan, candidate, endpoint);
      }
      answering ??= endpoint;
    }
    this.#addMissing(scan, candidates);
    return this.#unhealthy(answering, scan);
  }

  async #probeOne(
    root: TreeRoot,
    candidate: Candidate,
    signal: AbortSignal,
  ): Promise<Omit<ProbedCandidate, 'attempt'>> {
    const index = this.#attempts.length;
    const target = candidate.announced ?? String(candidate.port);
    // The attempt to report while the server works on its response.
    this.#attempts[index] = { target, outcome: { kind: 'noAnswer' } };
    const probed = await this.#probe.probe(candidate, signal);
    const { attempt, endpoint } = probed;
    const isSeen = candidate.sockets.length > 0;
    this.#attempts[index] =
      isSeen || endpoint ? attempt : { ...attempt, outcome: unseenOutcome(attempt.outcome) };
    if (!endpoint || isSeen) return probed;
    // The socket that answered was not in the scan: it may be newer.
    const rescan = await scanSockets(root, this.deps, signal);
    const now = this.#candidates(rescan).find(({ port }) => port === candidate.port);
    return now
      ? { ...probed, endpoint: { ...endpoint, listener: now.listener, pid: now.pid } }
      : { endpoint: undefined, isReady: false };
  }

  #candidates(scan: SocketScan): Candidate[] {
    const { urls } = this.#announced;
    this.#history.add(scan, urls);
    this.#knownIds = new Set(scan.sockets.map(({ listener }) => listener.id));
    const candidates = findCandidates({
      scan,
      announced: urls,
      onlyPort: this.rule.port,
      isSettled: ({ id, port }) => !this.#announced.isIgnored(port) && this.#history.isSettled(id),
    });
    // A server that still answers at its endpoint keeps it, even when it announces a second one.
    const isCurrent = ({ port, announced }: Candidate): boolean =>
      port === this.#port && announced !== undefined && !this.#announced.isExpected(port);
    return [...candidates.filter(isCurrent), ...candidates.filter((each) => !isCurrent(each))];
  }

  #healthy(scan: SocketScan, candidate: Candidate | undefined, endpoint: Endpoint | undefined): ScanResult {
    this.#port = candidate?.port;
    const sockets = scan.sockets.filter(({ listener }) => listener.port === this.#port);
    this.#socketIds = idsOf(sockets.map(({ listener }) => listener));
    return { kind: 'healthy', endpoint, seesWaiting: this.#seesWaiting };
  }

  #unhealthy(endpoint: Endpoint | undefined, scan: SocketScan | undefined): ScanResult {
    const { expectedPort } = this;
    const evidence =
      scan &&
      findPortEvidence(scan, {
        complaint: this.#complaint,
        expectedPort: this.rule.port ?? expectedPort,
        claimedPorts: this.#announced.claimedFor(claimMs),
      });
    const own = (scan?.sockets ?? []).filter(({ owner }) => owner.kind === 'own');
    const settlesInMs = this.#history.settlesIn(own.map(({ listener }) => listener.id));
    return { kind: 'unhealthy', endpoint, attempts: this.#attempts, evidence, settlesInMs };
  }

  /** Adds the announced ports without a candidate to the attempts. */
  #addMissing(scan: SocketScan, candidates: readonly Candidate[]): void {
    const probed = new Set(candidates.map(({ port }) => port));
    for (const [port, url] of this.#announced.urls) {
      const kind = isForeignPort(scan, port) ? 'foreign' : 'notListening';
      if (!probed.has(port)) this.#attempts.push({ target: url, outcome: { kind } });
    }
    if (this.#attempts.length === 0) this.#attempts.push({ target: '', outcome: { kind: 'notListening' } });
  }
}

/** A refused connection without a visible socket means that nothing listens. */
function unseenOutcome(outcome: ProbeOutcome): ProbeOutcome {
  return outcome.kind === 'refused' ? { kind: 'notListening' } : outcome;
}

function endpointWithoutProbe(candidate: Candidate | undefined): Endpoint | undefined {
  if (!candidate) return undefined;
  const { announced, port, listener, pid, contested } = candidate;
  return { url: announced ?? `http://localhost:${port}/`, listener, pid, contested };
}

function idsOf(listeners: readonly Listener[]): string {
  return listeners
    .map(({ id }) => id)
    .toSorted()
    .join(' ');
}
