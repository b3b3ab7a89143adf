import { ownedNearby, type OwnedSocket, type SocketScanDeps } from '../sockets/socketOwners.js';
import { portOfUrl } from '../../core/server/urlPort.js';
import type { Listener } from '../system/listeners.js';
import type { TreeRoot } from '../system/processes.js';
import type { ReadyRule } from '../../core/readiness/readyRule.js';
import { findCandidates, firstEphemeralPort, type Candidate } from './endpointChoice.js';
import { EndpointProbe, type ProbedCandidate } from './endpointProbe.js';
import type { OutputFacts } from './outputFacts.js';
import { leadsTo } from './proxyMatch.js';
import type { SocketHistory } from './socketHistory.js';
import { TreeEndpoints, type KnownEndpoint } from './treeEndpoints.js';

export interface OtherEndpointsDeps {
  readonly rule: ReadyRule;
  readonly sockets: SocketScanDeps;
  readonly facts: OutputFacts;
  readonly history: SocketHistory;
  /** Called when another address has answered. */
  readonly onNews: () => void;
  /** Cancels the requests. */
  readonly ending: AbortSignal;
}

/**
 * The addresses of a ready server besides the first that answered: a tree of processes may contain several servers. Sends
 * one request to each, without delaying the watch of the first.
 */
export class OtherEndpoints {
  readonly #tree: TreeEndpoints;
  readonly #probe: EndpointProbe;
  /** The ports that a request is sent to, and those to ask once more: what was announced meanwhile may be news. */
  readonly #probing = new Map<number, Candidate | undefined>();
  /** Ids of all listening sockets of the machine at the last comparison. */
  #knownIds: ReadonlySet<string> = new Set();
  /** Own sockets that have appeared since the last scan. */
  #newSockets: OwnedSocket[] = [];
  #hasNews = false;
  /** Announced URLs at other programs, which may lead to the server. */
  #proxyUrls: readonly string[] = [];

  constructor(private readonly deps: OtherEndpointsDeps) {
    this.#tree = new TreeEndpoints(deps.facts.announced);
    // The path of the rule is one of the first address.
    this.#probe = new EndpointProbe({ http: undefined, tcp: deps.rule.tcp });
  }

  /** `true` when the addresses have changed since `choose`. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  has(port: number): boolean {
    return this.#tree.has(port);
  }

  /** Updates an address after another request, unless a better URL of its port has answered meanwhile. */
  update(known: KnownEndpoint): void {
    const { candidate } = known;
    if ((this.#tree.get(candidate.port)?.candidate ?? candidate) === candidate) this.#tree.add(known);
  }

  /** Adds the address that answered first, and sends a request to each other candidate. */
  begin(first: KnownEndpoint, candidates: readonly Candidate[], listeners: readonly Listener[]): void {
    this.#knownIds = new Set(listeners.map(({ id }) => id));
    this.#newSockets = [];
    // A candidate without a socket is an announced port where nothing listens any more.
    const open = candidates.filter(({ sockets }) => sockets.length > 0);
    const ports = new Set([first.candidate, ...open].map(({ port }) => port));
    this.#tree.keep(({ port }) => ports.has(port));
    this.#proxyUrls = this.#urlsWithoutSocket(ports);
    this.#matchProxies(first);
    this.#tree.add(first);
    this.#probeAll(candidates);
  }

  /** Returns the best address of all, or the current one once its server has had the time to start. */
  choose(currentPort: number, isSettled: boolean): KnownEndpoint | undefined {
    this.#hasNews = false;
    const current = this.#tree.get(currentPort);
    return isSettled && current ? current : (this.#tree.best() ?? current);
  }

  urlsExcept(port: number): readonly string[] {
    return this.#tree.urlsExcept(port);
  }

  /** Finds the sockets that the server has opened or closed since the last call. Never rejects. */
  async compare(root: TreeRoot, currentPort: number, listeners: readonly Listener[]): Promise<void> {
    const { sockets, facts, history, rule } = this.deps;
    const ids = new Set(listeners.map(({ id }) => id));
    const fresh = listeners.filter(({ id }) => !this.#knownIds.has(id));
    this.#knownIds = ids;
    const isOpen = ({ port, sockets: own }: Candidate): boolean =>
      port === currentPort || own.some(({ id }) => ids.has(id));
    if (this.#tree.keep(isOpen)) this.#hasNews = true;
    const owned = fresh.length === 0 ? [] : ((await ownedNearby(root, fresh, sockets)) ?? []);
    history.add({ isKnown: true, sockets: owned }, facts.announced.urls);
    this.#newSockets = [...this.#newSockets, ...owned].filter(({ listener }) => ids.has(listener.id));
    const candidates = findCandidates({
      scan: { isKnown: true, sockets: this.#newSockets },
      announced: facts.announced.urls,
      onlyPort: rule.port,
      isSettled: ({ id, port }) => !facts.announced.isIgnored(port) && history.isSettled(id),
    });
    this.#probeAll(candidates);
    const ports = new Set(candidates.map(({ port }) => port));
    this.#newSockets = this.#newSockets.filter(({ listener }) => !ports.has(listener.port));
  }

  #probeAll(candidates: readonly Candidate[]): void {
    for (const candidate of candidates) {
      const { port, announced, sockets } = candidate;
      // A tool may expect one connection only.
      const mayProbe = sockets.length > 0 && (announced !== undefined || port < firstEphemeralPort);
      if (!mayProbe || this.#isDone(candidate)) continue;
      if (this.#probing.has(port)) this.#probing.set(port, candidate);
      else void this.#probeOne(candidate);
    }
  }

  /** An endpoint that was not ready may be ready by now, and another URL may have been announced for a port. */
  #isDone({ port, announced }: Candidate): boolean {
    const known = this.#tree.get(port);
    return known?.isReady === true && known.candidate.announced === announced;
  }

  /** Returns the announced URLs with a host name whose port is not the server's. */
  #urlsWithoutSocket(ports: ReadonlySet<number>): readonly string[] {
    return this.deps.facts.announced.hostUrls.filter((url) => {
      const port = portOfUrl(url);
      return port !== undefined && !ports.has(port);
    });
  }

  #matchProxies(known: KnownEndpoint): void {
    for (const url of this.#proxyUrls) void this.#matchProxy(known, url);
  }

  async #matchProxy(known: KnownEndpoint, url: string): Promise<void> {
    const { ending, onNews } = this.deps;
    if (!(await leadsTo(known.candidate, url, ending)) || ending.aborted) return;
    if (!this.#tree.has(known.candidate.port)) return;
    this.#tree.add({ ...known, proxyUrl: url });
    this.#hasNews = true;
    onNews();
  }

  async #probeOne(candidate: Candidate): Promise<void> {
    const { port } = candidate;
    this.#probing.set(port, undefined);
    const probed = await this.#probe.probe(candidate, this.deps.ending);
    const again = this.#probing.get(port);
    this.#probing.delete(port);
    if (this.deps.ending.aborted) return;
    this.#addProbed(candidate, probed);
    if (again && !this.#isDone(again)) void this.#probeOne(again);
  }

  #addProbed(candidate: Candidate, probed: ProbedCandidate): void {
    if (!probed.endpoint || !isAddress(candidate, probed)) return;
    const { endpoint, isPage, isReady } = probed;
    const known = { candidate, endpoint, isPage, isReady };
    this.#tree.add(known);
    this.#matchProxies(known);
    this.#hasNews = true;
    this.deps.onNews();
  }
}

/** A socket that is not announced and speaks no HTTP is for the processes of the server themselves. */
function isAddress({ announced }: Candidate, { attempt }: ProbedCandidate): boolean {
  return announced !== undefined || attempt.outcome.kind === 'status';
}
