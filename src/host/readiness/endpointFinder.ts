import { LinePattern } from '../../core/urlDetection/linePattern.js';
import type { ReadyRule } from '../../core/readiness/readyRule.js';
import { AnnouncedPorts } from './announcedPorts.js';
import { findCandidates, foreignListenersAt, type Candidate } from './candidates.js';
import { EndpointProbe, type EvaluatedCandidate } from './endpointProbe.js';
import { listenersOn, type Listener } from '../system/listeners.js';
import type { SocketScan } from '../sockets/socketOwners.js';
import type { Endpoint, ProbeOutcome, ReadinessAttempt } from '../../core/readiness/endpoint.js';

/** A socket that was not announced may be anything of the server, until it has been there this long; milliseconds. */
const silentMs = 1000;

export interface EndpointFinderDeps {
  /** Looks at the sockets of the machine, as the run sees them; `signal` ends it early. */
  scanSockets(signal: AbortSignal): Promise<SocketScan>;
  /** Those on one port alone, if they are all the run's own and that can be told soon. */
  scanNearby(port: number): Promise<SocketScan | undefined>;
  /** Those of the machine without asking whose they are. */
  listeners(): Promise<readonly Listener[]>;
}

/** What one look came to. */
export interface ProbeResult {
  readonly isReady: boolean;
  /** Where it answers, be it with an error; nowhere when a line of output is all that was asked for. */
  readonly endpoint: Endpoint | undefined;
  /** Who listens where the server said that it does. */
  readonly foreignListener: Listener | undefined;
}

/** Finds the endpoint of a server: which of the ports that it spoke of, or holds, is its own and answers. */
export class EndpointFinder {
  readonly #announced = new AnnouncedPorts();
  readonly #firstSeen = new Map<string, number>();
  readonly #held = new Set<number>();
  readonly #probe: EndpointProbe;
  readonly #pattern: LinePattern | undefined;
  #attempts: ReadinessAttempt[] = [];
  #port: number | undefined;
  /** The sockets on the current port, when it was found. */
  #ids: string | undefined;
  #seesWaiting = false;
  /** Who answered well last, as long as nothing speaks for another one. */
  #known: Candidate | undefined;

  constructor(
    private readonly rule: ReadyRule,
    private readonly deps: EndpointFinderDeps,
  ) {
    this.#probe = new EndpointProbe(rule);
    this.#pattern = rule.log === undefined ? undefined : new LinePattern(rule.log);
  }

  /** What the last look, or the one under way, has tried. */
  get attempts(): readonly ReadinessAttempt[] {
    return this.#attempts;
  }

  /** Ports that the server has held, or that were published for it. */
  get held(): readonly number[] {
    return [...this.#held];
  }

  /** The server says that it answers there. False when it is known already. */
  announce(url: string): boolean {
    this.#known = undefined;
    return this.#announced.announce(url);
  }

  /** The server is expected on that port, but may choose another one. */
  expect(port: number): void {
    this.#announced.expect(port);
  }

  /** Nobody is served there, unless the server says that it is. */
  ignore(port: number): void {
    if (this.#announced.ignore(port)) this.#known = undefined;
  }

  /** Compares output with the rule; true when it has just matched. */
  match(text: string): boolean {
    if (!this.#pattern || this.#pattern.isFound) return false;
    this.#pattern.push(text);
    return this.#pattern.isFound;
  }

  /** Never rejects. `signal` ends the questions. */
  async scan(signal: AbortSignal): Promise<ProbeResult> {
    if (this.#pattern?.isFound === false) {
      this.#attempts = [{ target: this.rule.log ?? '', outcome: { kind: 'noMatch' } }];
      return { isReady: false, endpoint: undefined, foreignListener: undefined };
    }
    const known = this.#known;
    if (known && (await this.#hasSameSockets())) return this.#askAgain(known, signal);
    const nearby = await this.#lookNearby();
    const look = nearby ?? (await this.deps.scanSockets(signal));
    // Until here what the last look has tried is all that can be told.
    this.#attempts = [];
    const candidates = this.#candidates(look);
    const isEnough = this.#pattern && this.rule.http === undefined && !this.rule.tcp;
    if (isEnough) return this.#found(candidates[0], look, unasked(candidates[0]));
    return this.#askAll(look, candidates, signal);
  }

  /** A server that has just said where it answers is most often right, and somebody waits for it. */
  async #lookNearby(): Promise<SocketScan | undefined> {
    const port = this.#announced.takeUnread();
    if (port === undefined || this.#port !== undefined || port !== (this.rule.port ?? port)) return undefined;
    return this.deps.scanNearby(port);
  }

  /** Whether the system told at the last look at the current port how many wait there. */
  get seesWaiting(): boolean {
    return this.#seesWaiting;
  }

  /** Whether the sockets are as they were when the endpoint was found, and nobody waits at them. */
  async isUnchanged(): Promise<boolean> {
    if (this.#port === undefined) return true;
    const there = await this.#socketsThere();
    return !there || (idsOf(there) === this.#ids && there.every(({ waiting = 0 }) => waiting === 0));
  }

  async #hasSameSockets(): Promise<boolean> {
    const there = await this.#socketsThere();
    return there !== undefined && idsOf(there) === this.#ids;
  }

  /** The sockets of anybody on the current port; `undefined` when the system does not tell. */
  async #socketsThere(): Promise<readonly Listener[] | undefined> {
    const listeners = await this.deps.listeners().catch(() => undefined);
    const there = listeners && listenersOn(this.#port ?? 0, listeners);
    this.#seesWaiting = there !== undefined && there.every(({ waiting }) => waiting !== undefined);
    return there;
  }

  /** Whose the sockets are is known while they are the same, so that the processes of the machine need no look. */
  async #askAgain(known: Candidate, signal: AbortSignal): Promise<ProbeResult> {
    this.#attempts = [];
    const { endpoint, isReady } = await this.#ask(known, signal);
    if (!isReady) this.#known = undefined;
    return { isReady, endpoint, foreignListener: undefined };
  }

  async #askAll(
    look: SocketScan,
    candidates: readonly Candidate[],
    signal: AbortSignal,
  ): Promise<ProbeResult> {
    let answering: Endpoint | undefined;
    for (const candidate of candidates) {
      if (signal.aborted) break;
      const { endpoint, isReady } = await this.#ask(candidate, signal);
      if (endpoint && isReady) {
        this.#known = candidate.sockets.length > 0 ? candidate : undefined;
        return this.#found(candidate, look, endpoint);
      }
      answering ??= endpoint;
    }
    return {
      isReady: false,
      endpoint: answering,
      foreignListener: this.#foreignListenerIn(look, candidates),
    };
  }

  async #ask(candidate: Candidate, signal: AbortSignal): Promise<Omit<EvaluatedCandidate, 'attempt'>> {
    const place = this.#attempts.length;
    const target = candidate.announced ?? String(candidate.port);
    // Stands there for as long as the server works on its answer.
    this.#attempts[place] = { target, outcome: { kind: 'noAnswer' } };
    const judged = await this.#probe.evaluate(candidate, signal);
    const { attempt, endpoint } = judged;
    const isSeen = candidate.sockets.length > 0;
    this.#attempts[place] = isSeen || endpoint ? attempt : { ...attempt, outcome: unseen(attempt.outcome) };
    if (!endpoint || isSeen) return judged;
    // Answered by whom the system did not tell of: it may have begun to listen just after the look.
    const now = this.#candidates(await this.deps.scanSockets(signal)).find(
      ({ port }) => port === candidate.port,
    );
    return now
      ? { ...judged, endpoint: { ...endpoint, listener: now.listener, pid: now.pid } }
      : { endpoint: undefined, isReady: false };
  }

  #candidates(look: SocketScan): Candidate[] {
    this.#remember(look);
    const found = findCandidates({
      look,
      announced: this.#announced.urls,
      only: this.rule.port,
      isSilent: ({ id, port }) => !this.#announced.isOther(port) && this.#age(id) >= silentMs,
    });
    // A server that answers where it did is left there, unless it speaks of another place instead.
    const isCurrent = ({ port, announced }: Candidate): boolean =>
      port === this.#port && announced !== undefined && !this.#announced.isHint(port);
    return [...found.filter(isCurrent), ...found.filter((each) => !isCurrent(each))];
  }

  #remember({ sockets }: SocketScan): void {
    for (const { listener, owner } of sockets) {
      if (owner.kind !== 'own' && owner.kind !== 'published') continue;
      if (!this.#firstSeen.has(listener.id)) this.#firstSeen.set(listener.id, performance.now());
      if (owner.kind === 'own' || this.#announced.urls.has(listener.port)) this.#held.add(listener.port);
    }
  }

  #age(id: string): number {
    return performance.now() - (this.#firstSeen.get(id) ?? Number.POSITIVE_INFINITY);
  }

  #found(candidate: Candidate | undefined, look: SocketScan, endpoint: Endpoint | undefined): ProbeResult {
    this.#port = candidate?.port;
    const there = look.sockets.filter(({ listener }) => listener.port === this.#port);
    this.#ids = idsOf(there.map(({ listener }) => listener));
    return { isReady: true, endpoint, foreignListener: undefined };
  }

  /** Who listens where the server says that it does. Notes what was not there to be asked. */
  #foreignListenerIn(look: SocketScan, candidates: readonly Candidate[]): Listener | undefined {
    const asked = new Set(candidates.map(({ port }) => port));
    let stranger: Listener | undefined;
    for (const [port, url] of this.#announced.urls) {
      const [there] = foreignListenersAt(look, url);
      if (there && !this.#announced.isHint(port)) stranger = there;
      const kind = there ? 'foreign' : 'notListening';
      if (!asked.has(port)) this.#attempts.push({ target: url, outcome: { kind } });
    }
    if (this.#attempts.length === 0) this.#attempts.push({ target: '', outcome: { kind: 'notListening' } });
    return stranger;
  }
}

/** What refuses where no socket is seen is not there. */
function unseen(outcome: ProbeOutcome): ProbeOutcome {
  return outcome.kind === 'refused' ? { kind: 'notListening' } : outcome;
}

function unasked(candidate: Candidate | undefined): Endpoint | undefined {
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
