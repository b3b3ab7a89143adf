import type { ServerDefinition } from '../server/definition.js';
import type { ServerState } from '../server/state.js';
import { referencedServers } from '../commandLine/variables.js';
import type { ServerId } from '../server/identity.js';

/** What a server needs before it can start; `undefined` for an id that no server has. */
export type DependencyLookup = (id: ServerId) => readonly ServerId[] | undefined;

/** Why a server cannot be started, whatever happens. */
export type PlanFault =
  /** The last id is the first one again. */
  | { readonly kind: 'cycle'; readonly path: readonly ServerId[] }
  | { readonly kind: 'unknown'; readonly server: ServerId; readonly dependency: ServerId };

export interface StartPlan {
  /** Everything to start, each after what it needs; without those that cannot be started and what only they need. */
  readonly order: readonly ServerId[];
  /** The servers that cannot be started; those with the same fault have the same object. */
  readonly faults: ReadonlyMap<ServerId, PlanFault>;
}

/** The servers that must be ready before this one starts, each once: those that it names, or mentions in its command. */
export function dependenciesOf(definition: ServerDefinition): readonly ServerId[] {
  return [...new Set([...(definition.dependsOn ?? []), ...referencedServers(definition)])];
}

/** Whether what depends on a server may start. One that was adopted counts, since it was in use before. */
export function isUsable(state: ServerState | undefined): boolean {
  return state?.kind === 'ready' || state?.kind === 'external';
}

/** Those that the server depends on and that are not ready. */
export function missingDependencies(
  definition: ServerDefinition,
  stateOf: (id: ServerId) => ServerState | undefined,
): readonly ServerId[] {
  return dependenciesOf(definition).filter((id) => !isUsable(stateOf(id)));
}

/** What must be started for the targets, and which of them cannot be. */
export function startPlan(targets: readonly ServerId[], needs: DependencyLookup): StartPlan {
  const faults = new Map<ServerId, PlanFault>();
  const sound = new Set<ServerId>();
  const path: ServerId[] = [];
  const faultOf = (id: ServerId): PlanFault | undefined => {
    if (sound.has(id) || faults.has(id)) return faults.get(id);
    if (path.includes(id)) return { kind: 'cycle', path: [...path.slice(path.indexOf(id)), id] };
    path.push(id);
    const fault = firstOf(needs(id) ?? [], (dependency): PlanFault | undefined =>
      needs(dependency) ? faultOf(dependency) : { kind: 'unknown', server: id, dependency },
    );
    path.pop();
    if (fault) faults.set(id, fault);
    else sound.add(id);
    return fault;
  };
  const startable = targets.filter((id) => !faultOf(id));
  return { order: inOrder(startable, needs), faults };
}

/**
 * For each of the servers those of them that depend on it, also by way of others, and so are to be stopped before it. What
 * closes a circle is left out, so that nobody waits for ever.
 */
export function dependentsAmong(
  ids: readonly ServerId[],
  needs: DependencyLookup,
): ReadonlyMap<ServerId, readonly ServerId[]> {
  const places = new Map(inOrder(ids, needs).map((id, place) => [id, place]));
  const placeOf = (id: ServerId): number => places.get(id) ?? 0;
  const dependents = new Map<ServerId, ServerId[]>(ids.map((id) => [id, []]));
  for (const id of dependents.keys()) {
    for (const needed of inOrder([id], needs)) {
      if (placeOf(needed) < placeOf(id)) dependents.get(needed)?.push(id);
    }
  }
  return dependents;
}

/**
 * The way on which a server would wait for itself if it came to wait now; `undefined` when there is none. `waitsFor` tells
 * for whom somebody waits, and nothing for who does not wait.
 */
export function findWaitCycle(
  id: ServerId,
  waitsFor: (id: ServerId) => readonly ServerId[],
): readonly ServerId[] | undefined {
  const seen = new Set<ServerId>();
  const wayFrom = (from: ServerId): readonly ServerId[] | undefined =>
    firstOf(waitsFor(from), (next) => {
      if (next === id) return [from, next];
      if (seen.has(next)) return undefined;
      seen.add(next);
      const rest = wayFrom(next);
      return rest && [from, ...rest];
    });
  return wayFrom(id);
}

/** The ids and all that they need, each after what it needs itself, as far as there is no circle. */
function inOrder(ids: readonly ServerId[], needs: DependencyLookup): readonly ServerId[] {
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

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
