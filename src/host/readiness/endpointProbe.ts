import {
  isHealthy,
  type Endpoint,
  type ProbeOutcome,
  type ReadinessAttempt,
} from '../../core/readiness/endpoint.js';
import type { ReadyRule } from '../../core/readiness/readyRule.js';
import { probeHttp, probeTcp, type HttpResult } from '../sockets/httpProbe.js';
import type { Candidate } from './endpointChoice.js';

export interface ProbedCandidate {
  readonly attempt: ReadinessAttempt;
  /** Address at which it answers, even with an error. */
  readonly endpoint: Endpoint | undefined;
  /** `true` when the response meets the rule. */
  readonly isReady: boolean;
  /** `true` when the response is an HTML page. */
  readonly isPage: boolean;
}

/** A server that closes this many connections in a row without a response does not speak HTTP. */
const maxClosedConnections = 3;

/**
 * Time for which a connection to a container must stay open, milliseconds. Its engine accepts connections before the
 * server in it listens.
 */
const heldMs = 1000;

/** Probes candidates, and remembers facts that distinguish a server without HTTP from one that is not ready yet. */
export class EndpointProbe {
  readonly #closedConnections = new Map<number, number>();

  constructor(private readonly rule: Pick<ReadyRule, 'http' | 'tcp'>) {}

  /** Never rejects. `signal` cancels it. */
  async probe(candidate: Candidate, signal: AbortSignal): Promise<ProbedCandidate> {
    const url = publicUrl(candidate);
    if (this.rule.tcp) return this.#connect(candidate, candidate.announced ? url : withScheme(url, 'tcp:'));
    const result = await this.#request(url, candidate, signal);
    const { outcome } = result;
    if (outcome.kind !== 'notHttp' && outcome.kind !== 'closed')
      return this.#evaluate(candidate, url, result);
    const otherUrl = withScheme(url, url.startsWith('https:') ? 'http:' : 'https:');
    const other = await this.#request(otherUrl, candidate, signal);
    if (other.outcome.kind === 'status') return this.#evaluate(candidate, otherUrl, other);
    if (!this.#speaksNoHttp(candidate, outcome)) return this.#evaluate(candidate, url, result);
    return this.#connectWithoutHttp(candidate, url, signal);
  }

  async #connectWithoutHttp(
    candidate: Candidate,
    url: string,
    signal: AbortSignal,
  ): Promise<ProbedCandidate> {
    const connected = await this.#connect(candidate, withScheme(url, 'tcp:'));
    if (!connected.isReady || candidate.listener === 'own') return connected;
    // The server in the container may have begun to listen since the request.
    const later = await this.#request(url, candidate, signal);
    return later.outcome.kind === 'status' ? this.#evaluate(candidate, url, later) : connected;
  }

  /** Tries the addresses one after the other, so that a server which logs requests logs only one. */
  async #request(url: string, { addresses }: Candidate, signal: AbortSignal): Promise<HttpResult> {
    let result: HttpResult = { outcome: { kind: 'refused' }, start: '', isPage: false };
    for (const address of addresses) {
      if (result.outcome.kind === 'refused')
        result = await probeHttp({ url: this.#requestUrl(url), address }, signal);
    }
    return result;
  }

  async #connect(candidate: Candidate, url: string): Promise<ProbedCandidate> {
    const { addresses, port, listener } = candidate;
    const isOwn = listener === 'own';
    const outcomes = await Promise.all(
      addresses.map((address) => probeTcp(address, port, isOwn ? undefined : heldMs)),
    );
    const outcomeOf = (kind: ProbeOutcome['kind']): ProbeOutcome | undefined =>
      outcomes.find((outcome) => outcome.kind === kind);
    return this.#evaluate(candidate, url, {
      outcome: outcomeOf('accepted') ?? outcomeOf('closed') ?? { kind: 'refused' },
      start: '',
      isPage: false,
    });
  }

  #evaluate(candidate: Candidate, url: string, { outcome, isPage }: HttpResult): ProbedCandidate {
    const target = url.startsWith('http') ? this.#requestUrl(url) : url;
    const isReady = isHealthy(outcome);
    const answers = isReady || outcome.kind === 'status';
    return {
      attempt: { target, outcome },
      endpoint: answers ? endpointAt(candidate, url) : undefined,
      isReady,
      isPage,
    };
  }

  /** Returns the URL with the path of the rule, or the URL itself without one. */
  #requestUrl(url: string): string {
    return this.rule.http === undefined ? url : new URL(this.rule.http, url).href;
  }

  #speaksNoHttp({ port }: Candidate, { kind }: ProbeOutcome): boolean {
    if (this.rule.http !== undefined) return false;
    const closed = kind === 'closed' ? (this.#closedConnections.get(port) ?? 0) + 1 : 0;
    this.#closedConnections.set(port, closed);
    return kind === 'notHttp' || closed >= maxClosedConnections;
  }
}

/** Returns the endpoint of a candidate that answers, or is taken to answer, at a URL. */
export function endpointAt({ listener, pid, contested, isShared }: Candidate, url: string): Endpoint {
  return { url, listener, pid, contested, ...(isShared && { isShared }) };
}

/** Returns the URL to show to the user. */
function publicUrl(candidate: Candidate): string {
  const url = new URL(candidate.announced ?? `http://${publicHost(candidate)}:${candidate.port}/`);
  // The host name leads to both programs, and where they share an address, so does that.
  if (candidate.contested && !candidate.isShared) url.hostname = publicHost(candidate);
  return url.href;
}

/** `localhost` leads to a loopback address, but on a contested port only the address itself leads to the server. */
function publicHost({ addresses, contested }: Candidate): string {
  const [first = 'localhost'] = addresses;
  const isLoopback = addresses.includes('127.0.0.1') || addresses.includes('::1');
  if (isLoopback && !contested) return 'localhost';
  return first.includes(':') ? `[${first}]` : first;
}

/** Replaces the scheme, which `URL` allows only within the same class of schemes. */
function withScheme(url: string, scheme: string): string {
  return url.replace(/^[a-z]+:/, scheme);
}
