import { type ReadyRule } from '../../core/readiness/readyRule.js';
import type { Candidate } from './candidates.js';
import { probeHttp, probeTcp } from '../sockets/httpProbe.js';
import {
  isHealthy,
  type Endpoint,
  type ProbeOutcome,
  type ReadinessAttempt,
} from '../../core/readiness/endpoint.js';

/** What came of asking one candidate. */
export interface EvaluatedCandidate {
  readonly attempt: ReadinessAttempt;
  /** Where it answers, if it does. */
  readonly endpoint: Endpoint | undefined;
  /** Whether the answer is good enough. */
  readonly isReady: boolean;
}

/** So many connections in a row that were closed without a word are those of a server that does not speak HTTP. */
const closedForTcp = 3;

/** Asks candidates whether they are ready, and remembers what tells one that speaks no HTTP from one that is not ready yet. */
export class EndpointProbe {
  readonly #closed = new Map<number, number>();

  constructor(private readonly rule: Pick<ReadyRule, 'http' | 'tcp'>) {}

  /** Never rejects. `signal` ends it early. */
  async evaluate(candidate: Candidate, signal: AbortSignal): Promise<EvaluatedCandidate> {
    const url = urlOf(candidate);
    if (this.rule.tcp)
      return this.#evaluateTcp(candidate, candidate.announced ? url : withScheme(url, 'tcp:'));
    const outcome = await this.#ask(url, candidate, signal);
    if (outcome.kind !== 'notHttp' && outcome.kind !== 'closed')
      return this.#evaluated(candidate, url, outcome);
    const otherUrl = withScheme(url, url.startsWith('https:') ? 'http:' : 'https:');
    const other = await this.#ask(otherUrl, candidate, signal);
    if (other.kind === 'status') return this.#evaluated(candidate, otherUrl, other);
    if (!this.#speaksNoHttp(candidate, outcome)) return this.#evaluated(candidate, url, outcome);
    return this.#evaluateTcp(candidate, withScheme(url, 'tcp:'));
  }

  /** One address after the other, so that a server that writes down every request writes down one. */
  async #ask(url: string, { addresses }: Candidate, signal: AbortSignal): Promise<ProbeOutcome> {
    let outcome: ProbeOutcome = { kind: 'refused' };
    for (const address of addresses) {
      if (outcome.kind === 'refused') outcome = await probeHttp({ url: this.#pageOf(url), address }, signal);
    }
    return outcome;
  }

  async #evaluateTcp(candidate: Candidate, url: string): Promise<EvaluatedCandidate> {
    const { addresses, port } = candidate;
    const outcomes = await Promise.all(addresses.map((address) => probeTcp(address, port)));
    const accepted = outcomes.find(({ kind }) => kind === 'accepted');
    return this.#evaluated(candidate, url, accepted ?? { kind: 'refused' });
  }

  #evaluated(
    { listener, pid, contested }: Candidate,
    url: string,
    outcome: ProbeOutcome,
  ): EvaluatedCandidate {
    const target = url.startsWith('http') ? this.#pageOf(url) : url;
    const isReady = isHealthy(outcome);
    const answers = isReady || outcome.kind === 'status';
    return {
      attempt: { target, outcome },
      endpoint: answers ? { url, listener, pid, contested } : undefined,
      isReady,
    };
  }

  /** What is asked for: the page that the rule names, or the announced one. */
  #pageOf(url: string): string {
    return this.rule.http === undefined ? url : new URL(this.rule.http, url).href;
  }

  #speaksNoHttp({ port }: Candidate, { kind }: ProbeOutcome): boolean {
    if (this.rule.http !== undefined) return false;
    const closed = kind === 'closed' ? (this.#closed.get(port) ?? 0) + 1 : 0;
    this.#closed.set(port, closed);
    return kind === 'notHttp' || closed >= closedForTcp;
  }
}

/** Where people find the server. */
function urlOf(candidate: Candidate): string {
  const url = new URL(candidate.announced ?? `http://${hostOf(candidate)}:${candidate.port}/`);
  if (candidate.contested) url.hostname = hostOf(candidate);
  return url.href;
}

/** At a loopback address the usual name leads to the server; at one of several on a port only the address does. */
function hostOf({ addresses, contested }: Candidate): string {
  const [first = 'localhost'] = addresses;
  const isLoopback = addresses.includes('127.0.0.1') || addresses.includes('::1');
  if (isLoopback && !contested) return 'localhost';
  return first.includes(':') ? `[${first}]` : first;
}

/** The scheme of a `URL` cannot be changed from http to another kind. */
function withScheme(url: string, scheme: string): string {
  return url.replace(/^[a-z]+:/, scheme);
}
