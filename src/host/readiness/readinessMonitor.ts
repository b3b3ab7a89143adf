import type { ReadyRule } from '../../core/readiness/readyRule.js';
import { EndpointFinder, type EndpointFinderDeps, type ProbeResult } from './endpointFinder.js';
import type { Listener } from '../system/listeners.js';
import { programName, type ProcessEntry } from '../system/processes.js';
import { WakeableSleep } from './wakeableSleep.js';
import type { Endpoint, ReadinessProblem } from '../../core/readiness/endpoint.js';

/** Pauses between looks, each twice the one before, milliseconds. */
interface Pace {
  readonly first: number;
  readonly longest: number;
}

const startingPace: Pace = { first: 25, longest: 2000 };
/** The first look when there is no port to ask about: a socket that nobody spoke of must be there for a second anyway; milliseconds. */
const uncertainPauseMs = 500;
/** When the time-out is over. */
const latePace: Pace = { first: 2000, longest: 30_000 };
const silentPace: Pace = { first: 250, longest: 5000 };
/** Looks at the sockets of a server that is ready, of which it does not know. */
const calmPace: Pace = { first: 500, longest: 10_000 };
/** Questions to a server that is ready, which it may write down; pauses between them. */
const questionPace: Pace = { first: 5000, longest: 300_000 };

/** Pauses that are long end at multiples of this, so that the looks for all servers at rest are one; milliseconds. */
const sharedPace = { pause: 10_000, step: 20_000 };

/** Output may mean that something has changed, so the next look comes this soon; milliseconds. */
const outputPauseMs = 250;

/** Output this soon after a question is its effect; milliseconds. */
const echoMs = 1000;

/** How long a server may work on an answer: on its first one, for which it may have to build a page, and later; milliseconds. */
const firstAnswerMs = 30_000;
const answerMs = 10_000;

/** So many looks in a row must say the same, since a server that restarts itself is away for a moment. */
const failureThreshold = 2;

export interface ReadinessMonitorDeps extends EndpointFinderDeps {
  holderOf(listener: Listener): Promise<ProcessEntry | undefined>;
  /** Called when the server is ready, and again when that is somewhere else. */
  onReady(endpoint: Endpoint | undefined): void;
  /** `endpoint` is where it answers with an error, if it does. */
  onProblem(problem: ReadinessProblem, endpoint: Endpoint | undefined): void;
}

/**
 * Watches whether a server can be used. It looks when the output gives a reason to, and with growing pauses while nothing
 * changes.
 */
export class ReadinessMonitor {
  readonly #search: EndpointFinder;
  readonly #pause = new WakeableSleep();
  readonly #ending = new AbortController();
  #timeout: NodeJS.Timeout | undefined;
  #phase: 'starting' | 'late' | 'ready' | 'silent' = 'starting';
  #pauseMs: number;
  #questionPauseMs = questionPace.first;
  #questionAt = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #failureCount = 0;
  #told: Endpoint | 'nowhere' | undefined;
  #foreignScans = 0;
  #reportedConflict = false;
  #answering: Endpoint | undefined;

  constructor(
    private readonly rule: ReadyRule,
    private readonly deps: ReadinessMonitorDeps,
  ) {
    this.#search = new EndpointFinder(rule, deps);
    this.#pauseMs = rule.port === undefined ? uncertainPauseMs : startingPace.first;
  }

  /** From here on it looks; what was heard before is not lost. */
  begin(): void {
    this.#timeout = setTimeout(() => this.#giveUp(), this.rule.timeoutMs);
    void this.#watch();
  }

  /** Ports that the server has held. */
  get held(): readonly number[] {
    return this.#search.held;
  }

  /** The server is expected on that port, but may choose another one. */
  expect(port: number): void {
    this.#search.expect(port);
    this.#pauseMs = startingPace.first;
  }

  announce(url: string): void {
    if (!this.#search.announce(url)) return;
    this.#pauseMs = Math.min(this.#pauseMs, startingPace.first);
    this.#questionAt = 0;
    this.#pause.shorten();
  }

  /** Nobody is served on that port. */
  ignore(port: number): void {
    this.#search.ignore(port);
  }

  /** The server has written something. */
  output(text: string): void {
    if (this.#search.match(text)) this.#pause.shorten();
    else if (performance.now() - this.#askedAt > echoMs) this.#pause.shorten(outputPauseMs);
  }

  end(): void {
    this.#ending.abort();
    clearTimeout(this.#timeout);
    this.#pause.shorten();
  }

  get #hasEnded(): boolean {
    return this.#ending.signal.aborted;
  }

  async #watch(): Promise<void> {
    while (!this.#hasEnded) {
      await this.#pause.sleep(shared(this.#pauseMs));
      if (!this.#hasEnded) await this.#round();
    }
  }

  async #round(): Promise<void> {
    if (await this.#isCalm()) return this.#slowDown(calmPace);
    this.#askedAt = performance.now();
    const limit = AbortSignal.timeout(this.#phase === 'ready' ? answerMs : firstAnswerMs);
    const verdict = await this.#search.scan(AbortSignal.any([this.#ending.signal, limit]));
    this.#askedAt = performance.now();
    if (this.#hasEnded) return;
    if (verdict.isReady) this.#good(verdict.endpoint);
    else await this.#failures(verdict);
  }

  async #isCalm(): Promise<boolean> {
    if (this.#phase !== 'ready' || this.#failureCount > 0 || performance.now() >= this.#questionAt)
      return false;
    return this.#search.isUnchanged();
  }

  #good(endpoint: Endpoint | undefined): void {
    this.#questionPauseMs = this.#nextQuestionMs();
    this.#questionAt = performance.now() + this.#questionPauseMs;
    if (this.#phase !== 'ready') {
      this.#phase = 'ready';
      this.#told = undefined;
    }
    clearTimeout(this.#timeout);
    if (this.#failureCount > 0) this.#pauseMs = calmPace.first;
    this.#failureCount = 0;
    if (isSame(this.#told, endpoint)) return;
    this.#pauseMs = calmPace.first;
    this.#told = endpoint ?? 'nowhere';
    this.deps.onReady(endpoint);
  }

  #nextQuestionMs(): number {
    if (this.#phase !== 'ready') return questionPace.first;
    // Where the sockets tell when somebody waits in vain, that is cause enough for a question.
    return this.#search.seesWaiting
      ? questionPace.longest
      : Math.min(this.#questionPauseMs * 2, questionPace.longest);
  }

  async #failures({ foreignListener, endpoint }: ProbeResult): Promise<void> {
    this.#failureCount += 1;
    this.#answering = endpoint;
    if (this.#phase === 'ready') return this.#countFailure();
    this.#foreignScans = foreignListener ? this.#foreignScans + 1 : 0;
    if (foreignListener && !this.#reportedConflict && this.#foreignScans >= failureThreshold)
      await this.#reportConflict(foreignListener);
    this.#slowDown({ starting: startingPace, late: latePace, silent: silentPace }[this.#phase]);
  }

  /** It was ready: what does not answer at all has been given its time, all else is looked at once more. */
  #countFailure(): void {
    this.#pauseMs = silentPace.first;
    const isSilent = this.#search.attempts.some(({ outcome }) => outcome.kind === 'noAnswer');
    if (this.#failureCount < failureThreshold && !isSilent) return;
    this.#phase = 'silent';
    this.deps.onProblem({ kind: 'silent', attempts: this.#search.attempts }, this.#answering);
  }

  async #reportConflict(stranger: Listener): Promise<void> {
    this.#reportedConflict = true;
    const holder = await this.deps.holderOf(stranger);
    if (this.#hasEnded) return;
    const named = holder && { pid: holder.pid, name: programName(holder.command) };
    this.deps.onProblem({ kind: 'conflict', port: stranger.port, holder: named }, undefined);
  }

  #giveUp(): void {
    if (this.#phase !== 'starting') return;
    this.#phase = 'late';
    const seconds = Math.round(this.rule.timeoutMs / 1000);
    // The conflict says more.
    if (!this.#reportedConflict) {
      const attempts = [...this.#search.attempts];
      this.deps.onProblem({ kind: 'timeout', seconds, attempts }, this.#answering);
    }
  }

  #slowDown({ first, longest }: Pace): void {
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, first), longest);
  }
}

function shared(pauseMs: number): number {
  if (pauseMs < sharedPace.pause) return pauseMs;
  const end = performance.now() + pauseMs;
  return pauseMs + sharedPace.step - (end % sharedPace.step);
}

function isSame(told: Endpoint | 'nowhere' | undefined, endpoint: Endpoint | undefined): boolean {
  return JSON.stringify(told) === JSON.stringify(endpoint ?? 'nowhere');
}
