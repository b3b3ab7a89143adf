import { dependenciesOf, dependentsAmong } from '../registry/dependencyGraph.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Outcome } from '../lifecycle/outcome.js';
import type { Registry } from '../registry/registry.js';
import type { ServerId } from '../server/identity.js';

export interface OrderedStopDeps {
  readonly registry: Pick<Registry, 'find' | 'current'>;
  readonly lifecycle: Pick<Lifecycle, 'stop' | 'isStoppable'>;
}

/** Stops several servers, each after those among them that depend on it. */
export class OrderedStop {
  constructor(private readonly deps: OrderedStopDeps) {}

  /**
   * Never rejects: failures are in the results, in the order of the ids. A server that cannot be stopped does not keep
   * the others from being stopped.
   */
  stopAll(ids: readonly ServerId[]): Promise<PromiseSettledResult<Outcome>[]> {
    const dependents = dependentsAmong(ids, (id) => {
      const record = this.deps.registry.find(id);
      return record && dependenciesOf(record.definition);
    });
    const stops = new Map<ServerId, Promise<Outcome>>();
    const stop = (id: ServerId): Promise<Outcome> => {
      const known = stops.get(id) ?? this.#stopAfter((dependents.get(id) ?? []).map(stop), id);
      stops.set(id, known);
      return known;
    };
    return Promise.allSettled(ids.map(stop));
  }

  /** Stops every server that runs, waits, or was asked to start before this call. */
  stopEverything(): Promise<PromiseSettledResult<Outcome>[]> {
    const { registry, lifecycle } = this.deps;
    const ids = registry.current.servers.map(({ definition }) => definition.id);
    return this.stopAll(ids.filter((id) => lifecycle.isStoppable(id)));
  }

  /** Calls the stop synchronously when there is nothing to wait for, so that no later operation comes before it. */
  #stopAfter(others: readonly Promise<Outcome>[], id: ServerId): Promise<Outcome> {
    const { lifecycle } = this.deps;
    return others.length === 0
      ? lifecycle.stop(id)
      : Promise.allSettled(others).then(() => lifecycle.stop(id));
  }
}
