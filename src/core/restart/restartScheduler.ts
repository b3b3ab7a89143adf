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
  /** Tells the user of a restart that was refused. */
  readonly onRefused: (error: unknown) => void;
}

interface Waiting {
  readonly state: ServerState;
  readonly cancel: () => void;
}

/**
 * Starts again what the registry says is to be started again. Whatever changes a waiting server, or closes the registry,
 * ends the waiting.
 */
export class RestartScheduler {
  readonly #waiting = new Map<ServerId, Waiting>();
  readonly #unsubscribe: () => void;

  constructor(private readonly deps: RestartSchedulerDeps) {
    this.#unsubscribe = deps.registry.onDidChange((snapshot) => this.#update(snapshot));
  }

  dispose(): void {
    this.#unsubscribe();
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #update({ servers, closed }: Snapshot): void {
    const states = new Map(
      closed ? [] : servers.map(({ definition, state }) => [definition.id, state] as const),
    );
    for (const [id, { state, cancel }] of this.#waiting) {
      if (states.get(id) === state) continue;
      cancel();
      this.#waiting.delete(id);
    }
    for (const [id, state] of states) this.#wait(id, state);
  }

  /** Once for each end: what waits stays in the list until its state changes, also while it is being started. */
  #wait(id: ServerId, state: ServerState): void {
    const planned = plannedRestart(state);
    if (!planned || this.#waiting.has(id)) return;
    const cancel = this.deps.timer.after(planned.delayMs, () => void this.#start(id));
    this.#waiting.set(id, { state, cancel });
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
