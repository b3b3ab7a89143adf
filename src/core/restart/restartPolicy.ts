import { decideRestart, freshHistory, type RestartHistory } from './backoff.js';
import type { ServerDefinition } from '../server/definition.js';
import type { LiveRun, Restart, RunEnd } from '../server/state.js';
import type { Clock } from '../common.js';
import type { RestartMode } from '../server/overrides.js';
import type { ServerId } from '../server/identity.js';

export interface RestartPolicyDeps {
  /** What the settings say now. */
  readonly mode: (definition: ServerDefinition) => RestartMode;
  readonly clock: Clock;
}

/** Remembers how servers ended, and decides what follows the next end. */
export class RestartPolicy {
  readonly #histories = new Map<ServerId, RestartHistory>();

  constructor(private readonly deps: RestartPolicyDeps) {}

  /** Asked once for every end; `run` is missing when the server ended before its start was recorded. */
  afterEnd(definition: ServerDefinition, end: RunEnd, run: LiveRun | undefined): Restart | undefined {
    const tick = this.deps.clock.tick();
    const ended = { end, ranMs: run ? tick - run.startedTick : 0, tick };
    const previous = this.#histories.get(definition.id) ?? freshHistory;
    const { restart, history } = decideRestart(this.deps.mode(definition), ended, previous);
    this.#histories.set(definition.id, history);
    return restart;
  }

  /** Somebody stopped it, so that what happens after its next start is another matter. */
  forget(id: ServerId): void {
    this.#histories.delete(id);
  }
}
