import type { Registry } from '../registry/registry.js';
import { type ServerState } from '../server/state.js';
import type { Logger, Timer } from '../common.js';
import type { Snapshot } from '../registry/snapshot.js';
import type { ServerId } from '../server/identity.js';
import { plannedRestart } from '../server/stateQueries.js';

export interface RestartSchedulerDeps {
  readonly registry: Registry;
  readonly lifecycle: { startAgain(id: ServerId): Promise<unknown> };
  readonly timer: Timer;
  readonly log: Logger;
  /** Reports a refused restart to the user. */
  readonly onRefused: (error: unknown) => void;
}

interface ScheduledRestart {
  readonly state: ServerState;
  readonly cancel: () => void;
}

/**
 * Runs the restarts that the registry holds as planned. Any change of the server's state, and the closing of the
 * registry, cancels a planned restart.
 */
export class RestartScheduler {
  readonly #scheduled = new Map<ServerId, ScheduledRestart>();
  readonly #unsubscribe: () => void;

  constructor(private readonly deps: RestartSchedulerDeps) {
    this.#unsubscribe = deps.registry.onDidChange((snapshot) => this.#update(snapshot));
  }

  dispose(): void {
    this.#unsubscribe();
    for (const { cancel } of this.#scheduled.values()) cancel();
    this.#scheduled.clear();
  }

  #update({ servers, closed }: Snapshot): void {
    const states = new Map(
      closed ? [] : servers.map(({ definition, state }) => [definition.id, state] as const),
    );
    for (const [id, { state, cancel }] of this.#scheduled) {
      if (states.get(id) === state) continue;
      cancel();
      this.#scheduled.delete(id);
    }
    for (const [id, state] of states) this.#schedule(id, state);
  }

  /**
   * Schedules one restart for each end: the entry stays until the state changes, also while the start is in progress.
   */
  #schedule(id: ServerId, state: ServerState): void {
    const planned = plannedRestart(state);
    if (!planned || this.#scheduled.has(id)) return;
    const cancel = this.deps.timer.after(planned.delayMs, () => void this.#start(id));
    this.#scheduled.set(id, { state, cancel });
  }

  async #start(id: ServerId): Promise<void> {
    try {
      await this.deps.lifecycle.startAgain(id);
    } catch (error) {
      this.deps.log.error(`${id} was not started again`, error);
      this.deps.onRefused(error);
    }
  }
}
