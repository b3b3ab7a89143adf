import type { ServerDefinition } from '../server/definition.js';
import type { ServerState } from '../server/state.js';
import { referencedServers } from '../commandLine/variables.js';
import type { ServerId } from '../server/identity.js';

/** Returns the servers that one depends on; `undefined` for an id that no server has. */
export type DependencyLookup = (id: ServerId) => readonly ServerId[] | undefined;

/** Reason why a server can never be started. */
export type PlanFault =
  /** The last id equals the first one. */
  | { readonly kind: 'cycle'; readonly path: readonly ServerId[] }
  | { readonly kind: 'unknown'; readonly server: ServerId; readonly dependency: ServerId };

export interface StartPlan {
  /** Servers to start, each after its dependencies; without those that have a fault and what only these need. */
  readonly order: readonly ServerId[];
  /** Servers that cannot be started. Servers with the same fault share one object. */
  readonly faults: ReadonlyMap<ServerId, PlanFault>;
}

/**
 * Returns the servers that must be ready before this one starts, each once: named ones and those that its command
 * refers to.
 */
export function dependenciesOf(definition: ServerDefinition): readonly ServerId[] {
  return [...new Set([...(definition.dependsOn ?? []), ...referencedServers(definition)])];
}

/** Returns servers with their direct and indirect dependencies, in the order of the definitions. */
export function withDependencies(
  servers: readonly ServerDefinition[],
  definitions: readonly ServerDefinition[],
): ServerDefinition[] {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  const needed = new Set<ServerId>();
  const pending = servers.map(({ id }) => id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const definition = byId.get(id);
    if (!definition || needed.has(id)) continue;
    needed.add(id);
    // As arguments of one call, very many would overflow the stack.
    for (const dependency of dependenciesOf(definition)) pending.push(dependency);
  }
  return definitions.filter(({ id }) => needed.has(id));
}

/** Returns whether the dependents of a server may start. An adopted server counts: it was in use before. */
export function isUsable(state: ServerState | undefined): boolean {
  return state?.kind === 'ready' || state?.kind === 'external';
}

/** Returns the dependencies of the server that are not ready. */
export function missingDependencies(
  definition: ServerDefinition,
  stateOf: (id: ServerId) => ServerState | undefined,
): readonly ServerId[] {
  return dependenciesOf(definition).filter((id) => !isUsable(stateOf(id)));
}

/** Plans the start of the targets with their dependencies, and reports the faults. */
export function startPlan(targets: readonly ServerId[], needs: DependencyLookup): StartPlan {
  const faults = new Map<ServerId, PlanFault>();
  const startable = new Set<ServerId>();
  const path: ServerId[] = [];
  const findFault = (id: ServerId): PlanFault | undefined => {
    if (startable.has(id) || faults.has(id)) return faults.get(id);
    if (path.includes(id)) return { kind: 'cycle', path: [...path.slice(path.indexOf(id)), id] };
    path.push(id);
    const fault = firstDefined(needs(id) ?? [], (dependency): PlanFault | undefined =>
      needs(dependency) ? findFault(dependency) : { kind: 'unknown', server: id, dependency },
    );
    path.pop();
    if (fault) faults.set(id, fault);
    else startable.add(id);
    return fault;
  };
  return {
    order: dependenciesFirst(
      targets.filter((id) => !findFault(id)),
      needs,
    ),
    faults,
  };
}

/**
 * Returns, for each of the servers, those among them that depend on it, directly or indirectly, and must be stopped
 * before it. A dependency that closes a cycle is ignored, so that no stop waits forever.
 */
export function dependentsAmong(
  ids: readonly ServerId[],
  needs: DependencyLookup,
): ReadonlyMap<ServerId, readonly ServerId[]> {
  const positions = new Map(dependenciesFirst(ids, needs).map((id, index) => [id, index]));
  const positionOf = (id: ServerId): number => positions.get(id) ?? 0;
  const dependents = new Map<ServerId, ServerId[]>(ids.map((id) => [id, []]));
  for (const id of dependents.keys()) {
    for (const needed of dependenciesFirst([id], needs)) {
      if (positionOf(needed) < positionOf(id)) dependents.get(needed)?.push(id);
    }
  }
  return dependents;
}

/**
 * Returns the path on which a server would wait for itself if it were queued now; `undefined` if there is none.
 * `waitsFor` returns the servers that a queued server waits for, and an empty list for any other server.
 */
export function findWaitCycle(
  id: ServerId,
  waitsFor: (id: ServerId) => readonly ServerId[],
): readonly ServerId[] | undefined {
  const seen = new Set<ServerId>();
  const pathFrom = (from: ServerId): readonly ServerId[] | undefined =>
    firstDefined(waitsFor(from), (next) => {
      if (next === id) return [from, next];
      if (seen.has(next)) return undefined;
      seen.add(next);
      const rest = pathFrom(next);
      return rest && [from, ...rest];
    });
  return pathFrom(id);
}

/** Returns the ids and their dependencies, each after its own dependencies as far as there is no cycle. */
function dependenciesFirst(ids: readonly ServerId[], needs: DependencyLookup): readonly ServerId[] {
  const order: ServerId[] = [];
  const seen = new Set<ServerId>();
  const visit = (id: ServerId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const needed of needs(id) ?? []) visit(needed);
    order.push(id);
  };
  for (const id of ids) visit(id);
  return order;
}

function firstDefined<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
