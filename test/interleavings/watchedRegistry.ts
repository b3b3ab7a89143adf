import assert from 'node:assert/strict';
import { dependenciesOf, isUsable } from '../../src/core/registry/dependencyGraph.js';
import { Registry } from '../../src/core/registry/registry.js';
import type { RunId } from '../../src/core/server/state.js';
import type { Snapshot } from '../../src/core/registry/snapshot.js';
import type { ServerId } from '../../src/core/server/identity.js';

/** The real registry, which also checks the moment at which a start with dependencies is reserved. */
export class WatchedRegistry extends Registry {
  /** Runs that must wait for dependencies, and are not reserved yet. */
  readonly #dependent = new Set<RunId>();

  override reserve(...[id, runId, options]: Parameters<Registry['reserve']>): Promise<boolean> {
    if (options?.afterDependencies) this.#dependent.add(runId);
    return super.reserve(id, runId, options);
  }

  override queue(...[id, runId, startedBy]: Parameters<Registry['queue']>): Promise<void> {
    this.#dependent.add(runId);
    return super.queue(id, runId, startedBy);
  }

  /** Checks that every dependency is ready in the snapshot in which a dependent run is reserved. */
  check({ servers }: Snapshot): void {
    const states = new Map(servers.map(({ definition, state }) => [definition.id, state]));
    for (const { definition, state } of servers) {
      if (state.kind !== 'reserved' || !this.#dependent.delete(state.runId)) continue;
      const missing: readonly ServerId[] = dependenciesOf(definition).filter(
        (id) => !isUsable(states.get(id)),
      );
      assert.deepEqual(missing, [], `${definition.id} is started before what it depends on is ready`);
    }
  }
}
