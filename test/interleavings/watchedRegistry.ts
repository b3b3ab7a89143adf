import assert from 'node:assert/strict';
import { dependenciesOf, isUsable } from '../../src/core/registry/dependencyGraph.js';
import { Registry } from '../../src/core/registry/registry.js';
import type { RunId } from '../../src/core/server/state.js';
import type { Snapshot } from '../../src/core/registry/snapshot.js';
import type { ServerId } from '../../src/core/server/identity.js';

/** The real registry, with an eye on the moment at which a start that depends on others gets its place. */
export class WatchedRegistry extends Registry {
  /** The runs that may only come after others, and have not been reserved yet. */
  readonly #dependent = new Set<RunId>();

  override reserve(...[id, runId, options]: Parameters<Registry['reserve']>): Promise<boolean> {
    if (options?.afterDependencies) this.#dependent.add(runId);
    return super.reserve(id, runId, options);
  }

  override queue(...[id, runId, startedBy]: Parameters<Registry['queue']>): Promise<void> {
    this.#dependent.add(runId);
    return super.queue(id, runId, startedBy);
  }

  /** In the snapshot in which such a run is reserved, everything is ready that its server depends on. */
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
