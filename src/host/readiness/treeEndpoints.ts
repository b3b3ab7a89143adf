import type { Endpoint } from '../../core/readiness/endpoint.js';
import type { AnnouncedPorts } from './announcedPorts.js';
import { firstEphemeralPort, type Candidate } from './endpointChoice.js';
import type { ProbedCandidate } from './endpointProbe.js';

/** Maximum number of addresses of one server that are kept. */
const maxEndpoints = 20;

/** A port of the server that has answered. */
export interface KnownEndpoint extends Pick<ProbedCandidate, 'isPage' | 'isReady'> {
  readonly candidate: Candidate;
  readonly endpoint: Endpoint;
  /** URL at another program that leads here. */
  readonly proxyUrl?: string;
}

/** The ports of a server that have answered, of which one is the address of the server. */
export class TreeEndpoints {
  readonly #known = new Map<number, KnownEndpoint>();

  constructor(private readonly announced: AnnouncedPorts) {}

  has(port: number): boolean {
    return this.#known.has(port);
  }

  get(port: number | undefined): KnownEndpoint | undefined {
    return port === undefined ? undefined : this.#known.get(port);
  }

  add(known: KnownEndpoint): void {
    if (this.#known.size < maxEndpoints || this.#known.has(known.candidate.port))
      this.#known.set(known.candidate.port, { ...this.#known.get(known.candidate.port), ...known });
  }

  /** Removes the ports that do not pass the test. Returns whether there were any. */
  keep(test: (candidate: Candidate) => boolean): boolean {
    const gone = [...this.#known.values()].filter(({ candidate }) => !test(candidate));
    for (const { candidate } of gone) this.#known.delete(candidate.port);
    return gone.length > 0;
  }

  /**
   * Returns the address to show: the expected port, a page before an API, an announced port before another one.
   * Remaining ties are decided by the port number, so that the choice is the same at each start, regardless of which
   * server of the tree is quicker.
   */
  best(): KnownEndpoint | undefined {
    return this.#sorted().find(({ isReady }) => isReady);
  }

  /**
   * Returns the URLs besides that of one port, the best first. An unannounced port that the system has chosen is none of
   * them: it is for the processes of the server.
   */
  urlsExcept(port: number): readonly string[] {
    const isForUsers = ({ candidate }: KnownEndpoint): boolean =>
      candidate.port === port ||
      candidate.port < firstEphemeralPort ||
      this.announced.urls.has(candidate.port);
    return this.#sorted()
      .filter(isForUsers)
      .filter(({ candidate, proxyUrl }) => candidate.port !== port || proxyUrl !== undefined)
      .flatMap(({ candidate, endpoint: { url }, proxyUrl }) =>
        candidate.port === port || proxyUrl === undefined ? [url] : [proxyUrl, url],
      );
  }

  #sorted(): KnownEndpoint[] {
    const announcedPorts = [...this.announced.urls.keys()];
    const ranks = new Map(
      [...this.#known.values()].map((known) => [known, this.#rank(known, announcedPorts)]),
    );
    return [...ranks.keys()].toSorted((one, other) => compare(ranks.get(one) ?? [], ranks.get(other) ?? []));
  }

  #rank({ candidate, isPage }: KnownEndpoint, announcedPorts: readonly number[]): readonly number[] {
    const { port, announced, pid } = candidate;
    const ofProcess = [...this.#known.values()].filter((known) => known.candidate.pid === pid);
    return [
      this.announced.isPreferred(port) ? 0 : 1,
      isPage || this.announced.isLocal(port) ? 0 : 1,
      announced === undefined ? 1 : 0,
      // One process announces its ports in the same order at each start, but several processes may not.
      Math.min(...ofProcess.map((known) => known.candidate.port)),
      announcedPorts.indexOf(port),
      port,
    ];
  }
}

function compare(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((value, at) => value !== other[at]);
  return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}
