import { decideRestart, emptyHistory, type RestartHistory } from './backoff.js';
import type { ServerDefinition } from '../server/definition.js';
import type { LiveRun, Restart, RunEnd } from '../server/state.js';
import type { Clock } from '../common.js';
import type { RestartMode } from '../server/overrides.js';
import type { ServerId } from '../server/identity.js';

export interface RestartPolicyDeps {
  /** Returns the current mode of a server. */
  readonly mode: (definition: ServerDefinition) => RestartMode;
  readonly clock: Clock;
}

/** State of the policy for a server, in a form that another process understands. */
export interface RestartRecord {
  readonly streak: number;
  /** Ages of the recent ends, milliseconds. */
  readonly endsAgoMs: readonly number[];
}

/** Records the ends of servers, and decides whether to restart after the next one. */
export class RestartPolicy {
  readonly #histories = new Map<ServerId, RestartHistory>();

  constructor(private readonly deps: RestartPolicyDeps) {}

  /** Decides after an end, once for each. `run` is missing if the server ended before its start was recorded. */
  afterEnd(definition: ServerDefinition, end: RunEnd, run: LiveRun | undefined): Restart | undefined {
    const tick = this.deps.clock.tick();
    const ended = { end, ranMs: run ? tick - run.startedTick : 0, tick };
    const previous = this.#histories.get(definition.id) ?? emptyHistory;
    const { restart, history } = decideRestart(this.deps.mode(definition), ended, previous);
    this.#histories.set(definition.id, history);
    return restart;
  }

  /** Returns what is known of a server, for the next window; `undefined` if that is nothing. */
  recordOf(id: ServerId): RestartRecord | undefined {
    const history = this.#histories.get(id);
    if (!history || history === emptyHistory) return undefined;
    const tick = this.deps.clock.tick();
    return { streak: history.streak, endsAgoMs: history.ends.map((end) => tick - end) };
  }

  /** Continues with what an earlier window knew. */
  restore(id: ServerId, { streak, endsAgoMs }: RestartRecord): void {
    const tick = this.deps.clock.tick();
    this.#histories.set(id, { streak, ends: endsAgoMs.map((agoMs) => tick - agoMs) });
  }

  /** Clears the history of a server that was stopped: its next start is unrelated to the earlier ends. */
  forget(id: ServerId): void {
    this.#histories.delete(id);
  }
}
