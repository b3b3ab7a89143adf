import type { Endpoint, ProbeOutcome, ReadinessAttempt } from '../../core/readiness/endpoint.js';
import { listenersOf, scanNearby, scanSockets, type SocketScan } from '../sockets/socketOwners.js';
import { idsOf, listenersOn, type Listener } from '../system/listeners.js';
import type { TreeRoot } from '../system/processes.js';
import { findCandidates, missingAttempts, type Candidate } from './endpointChoice.js';
import { endpointAt, EndpointProbe, type ProbedCandidate } from './endpointProbe.js';
import { announceNamedHosts } from './namedHosts.js';
import { OtherEndpoints, type OtherEndpointsDeps } from './otherEndpoints.js';
import { PartConflict } from './partConflict.js';
import { findPortEvidence } from './portEvidence.js';
import type { ScanResult } from './readinessTypes.js';
import { SocketHistory } from './socketHistory.js';

/** Findings of one search before it sends requests. */
interface SearchScope {
  readonly scan: SocketScan;
  readonly candidates: readonly Candidate[];
  /** Version of the announced ports. */
  readonly version: number;
}

/** Finds the endpoint of a server: the port, announced or in use by the server, that is its own and answers. */
export class EndpointFinder {
  readonly #history: SocketHistory;
  readonly #probe: EndpointProbe;
  readonly #others: OtherEndpoints;
  readonly #part: PartConflict;
  readonly #startedAt = performance.now();
  #attempts: ReadinessAttempt[] = [];
  /** Candidate of the last endpoint. */
  #current: Candidate | undefined;
  /** Ids of the sockets on its port when the endpoint was found. */
  #socketIds: string | undefined;
  #seesWaiting = false;
  /** Version of the output facts at the search that found it, until it fails. */
  #version: number | undefined;

  constructor(private readonly deps: Omit<OtherEndpointsDeps, 'history'>) {
    this.#history = new SocketHistory(deps.facts);
    this.#probe = new EndpointProbe(deps.rule);
    this.#others = new OtherEndpoints({ ...deps, history: this.#history });
    this.#part = new PartConflict({ ...deps, history: this.#history });
  }

  /** Attempts of the last scan, or of the one under way. */
  get attempts(): readonly ReadinessAttempt[] {
    return this.#attempts;
  }

  /** Ports on which the server has listened, and announced ports that were published for it. */
  get usedPorts(): readonly number[] {
    return this.#history.ports;
  }

  /** Scans the sockets and sends requests to the candidates. Never rejects. `signal` cancels the requests. */
  async scan(root: TreeRoot, signal: AbortSignal): Promise<ScanResult> {
    const { facts, rule, sockets } = this.deps;
    const { pattern, complaint } = facts;
    if (pattern === 'tooSlow') return { kind: 'slowPattern', pattern: rule.log ?? '' };
    if (pattern === 'none') {
      this.#attempts = [{ target: rule.log ?? '', outcome: { kind: 'noMatch' } }];
      return this.#unhealthy(undefined, complaint && (await scanSockets(root, sockets, signal)));
    }
    const result = await this.#search(root, signal);
    return result.kind === 'healthy' ? this.#part.addTo(result, complaint, root, signal) : result;
  }

  /** Returns whether the sockets of the server and of its conflict are the same and no connection waits at its endpoint. */
  async isUnchanged(root: TreeRoot): Promise<boolean> {
    if (!this.#current) return true;
    const listeners = await this.#listeners();
    if (!listeners) return true;
    const onPort = this.#onPort(listeners);
    if (idsOf(onPort) !== this.#socketIds || !onPort.every(({ waiting = 0 }) => waiting === 0)) return false;
    if (this.#part.mayBeOver(listeners)) return false;
    await this.#others.compare(root, this.#current.port, listeners);
    return !this.#others.hasNews;
  }

  async #search(root: TreeRoot, signal: AbortSignal): Promise<ScanResult> {
    const { facts, sockets, rule } = this.deps;
    const { version } = facts.announced;
    const known = version === this.#version ? await this.#searchKnown(root, signal) : undefined;
    if (known) return known;
    const scan = (await this.#scanNearby(root)) ?? (await scanSockets(root, sockets, signal));
    // From here on, `#attempts` has results of this scan.
    this.#attempts = [];
    await announceNamedHosts(facts.announced, scan);
    const candidates = this.#candidates(scan);
    const isLineEnough = rule.log !== undefined && rule.http === undefined && !rule.tcp;
    if (!isLineEnough) return this.#probeAll(root, { scan, candidates, version }, signal);
    const [first] = this.#inOrder(candidates);
    this.#setCurrent(first, listenersOf(scan), undefined);
    return this.#healthy(first && endpointAt(first, first.announced ?? `http://localhost:${first.port}/`));
  }

  /** Returns `undefined` when the sockets of the endpoint are not the same any more. */
  async #searchKnown(root: TreeRoot, signal: AbortSignal): Promise<ScanResult | undefined> {
    const current = this.#current;
    const listeners = current && (await this.#listeners());
    if (!listeners || idsOf(this.#onPort(listeners)) !== this.#socketIds) return undefined;
    if (this.#others.hasNews) return this.#choose(current, listeners);
    // The same sockets have the same owner, so the processes of the machine need no scan.
    return this.#probeAgain(root, current, listeners, signal);
  }

  /** A URL that was just announced is most often right, so its port alone is scanned first. */
  async #scanNearby(root: TreeRoot): Promise<SocketScan | undefined> {
    const { facts, rule, sockets } = this.deps;
    const port = facts.announced.takeUnread();
    if (port === undefined || this.#current !== undefined || port !== (rule.port ?? port)) return undefined;
    return scanNearby(root, port, sockets);
  }

  /** Returns the listening sockets of the machine; `undefined` when the system does not list them. */
  async #listeners(): Promise<readonly Listener[] | undefined> {
    const listeners = await this.deps.sockets.sockets.get().catch(() => undefined);
    const onPort = listeners && this.#onPort(listeners);
    this.#seesWaiting = onPort !== undefined && onPort.every(({ waiting }) => waiting !== undefined);
    return listeners;
  }

  #onPort(listeners: readonly Listener[]): readonly Listener[] {
    return listenersOn(this.#current?.port ?? 0, listeners);
  }

  async #probeAgain(
    root: TreeRoot,
    current: Candidate,
    listeners: readonly Listener[],
    signal: AbortSignal,
  ): Promise<ScanResult> {
    this.#attempts = [];
    const { endpoint, isReady, isPage } = await this.#probeOne(root, current, signal);
    if (endpoint && isReady) {
      this.#others.update({ candidate: current, endpoint, isReady, isPage });
      return this.#choose(current, listeners);
    }
    this.#version = undefined;
    return this.#unhealthy(endpoint, undefined);
  }

  /** Chooses among the addresses that have answered. While the server starts, a better one takes the place of another. */
  #choose(current: Candidate, listeners: readonly Listener[]): ScanResult {
    const isSettled = performance.now() - this.#startedAt > this.deps.rule.timeoutMs;
    const chosen = this.#others.choose(current.port, isSettled);
    if (!chosen) return this.#healthy(undefined);
    this.#setCurrent(chosen.candidate, listeners, this.#version);
    const { endpoint, proxyUrl = endpoint.url, isPage } = chosen;
    return this.#healthy({ ...endpoint, url: proxyUrl, ...(isPage && { isPage }) });
  }

  async #probeAll(
    root: TreeRoot,
    { scan, candidates, version }: SearchScope,
    signal: AbortSignal,
  ): Promise<ScanResult> {
    let answering: Endpoint | undefined;
    for (const candidate of this.#inOrder(candidates)) {
      if (signal.aborted) break;
      const { endpoint, isReady, isPage } = await this.#probeOne(root, candidate, signal);
      if (endpoint && isReady) {
        const listeners = listenersOf(scan);
        this.#setCurrent(candidate, listeners, candidate.sockets.length > 0 ? version : undefined);
        this.#others.begin({ candidate, endpoint, isReady, isPage }, candidates, listeners);
        return this.#choose(candidate, listeners);
      }
      answering ??= endpoint;
    }
    this.#attempts.push(...missingAttempts(scan, candidates, this.deps.facts.announced.urls));
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
    const rescan = await scanSockets(root, this.deps.sockets, signal);
    const now = this.#candidates(rescan).find(({ port }) => port === candidate.port);
    return now
      ? { ...probed, endpoint: { ...endpoint, listener: now.listener, pid: now.pid } }
      : { endpoint: undefined, isReady: false, isPage: false };
  }

  #candidates(scan: SocketScan): Candidate[] {
    const { announced } = this.deps.facts;
    this.#history.add(scan, announced.urls);
    return findCandidates({
      scan,
      announced: announced.urls,
      onlyPort: this.deps.rule.port,
      isSettled: ({ id, port }) => !announced.isIgnored(port) && this.#history.isSettled(id),
    });
  }

  #inOrder(candidates: readonly Candidate[]): Candidate[] {
    const { announced } = this.deps.facts;
    // A server that still answers at its endpoint keeps it, even when it announces a second one.
    const isCurrent = ({ port, announced: url }: Candidate): boolean =>
      port === this.#current?.port && url !== undefined && !announced.isExpected(port);
    // An API must not replace a page that is gone for a moment.
    const isOther = ({ port }: Candidate): boolean =>
      this.#current !== undefined && port !== this.#current.port && this.#others.has(port);
    const others = candidates.filter((each) => !isCurrent(each) && !isOther(each));
    return [...candidates.filter(isCurrent), ...others];
  }

  #setCurrent(
    candidate: Candidate | undefined,
    listeners: readonly Listener[],
    version: number | undefined,
  ): void {
    this.#current = candidate;
    this.#version = version;
    this.#socketIds = idsOf(this.#onPort(listeners));
  }

  #healthy(endpoint: Endpoint | undefined): ScanResult {
    const otherUrls = this.#current && endpoint ? this.#others.urlsExcept(this.#current.port) : [];
    const all = endpoint && otherUrls.length > 0 ? { ...endpoint, otherUrls } : endpoint;
    return { kind: 'healthy', endpoint: all, seesWaiting: this.#seesWaiting };
  }

  #unhealthy(endpoint: Endpoint | undefined, scan: SocketScan | undefined): ScanResult {
    const evidence = scan && findPortEvidence(scan, this.deps.facts.portStatements);
    const own = (scan?.sockets ?? []).filter(({ owner }) => owner.kind === 'own');
    const settlesInMs = this.#history.settlesIn(own.map(({ listener }) => listener.id));
    return { kind: 'unhealthy', endpoint, attempts: this.#attempts, evidence, settlesInMs };
  }
}

/** A refused connection without a visible socket means that nothing listens. */
function unseenOutcome(outcome: ProbeOutcome): ProbeOutcome {
  return outcome.kind === 'refused' ? { kind: 'notListening' } : outcome;
}
