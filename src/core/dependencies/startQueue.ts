import { areSame } from '../areSame.js';
import { dependenciesOf, isUsable } from '../registry/dependencyGraph.js';
import type { Outcome } from '../lifecycle/outcome.js';
import type { Registry } from '../registry/registry.js';
import type { ServerDefinition } from '../server/definition.js';
import { type RunId, type ServerState } from '../server/state.js';
import type { ServerId } from '../server/identity.js';
import { isIdle, isQueuedAs, plannedRestart, portConflictOf, runIdOf } from '../server/stateQueries.js';

/** Result of a wait in the queue. */
export type QueueResult =
  /** The start may succeed now, or wait for something else: the caller tries it again. */
  | { readonly kind: 'go' }
  /** The start is no longer in the queue: the server was stopped or is no longer defined, or clean-up has begun. */
  | { readonly kind: 'lost' }
  /** The start of a dependency failed. */
  | { readonly kind: 'refused'; readonly dependency: ServerId; readonly error: unknown }
  /** The start of a dependency was given up at a conflict. */
  | { readonly kind: 'declined'; readonly dependency: ServerId }
  /** A dependency was started and will not become ready without help. */
  | { readonly kind: 'down'; readonly dependency: ServerId };

/** A start that waits in the queue. */
export interface QueuedStart {
  readonly id: ServerId;
  readonly runId: RunId;
  readonly definition: ServerDefinition;
  /**
   * Pending starts of the dependencies. Until one settles, its dependency is not judged by its state; it resolves with
   * `undefined` when it was given up.
   */
  readonly starts: ReadonlyMap<ServerId, Promise<Outcome | undefined>>;
  /**
   * Returns the restart of a server while it is in progress; until it settles, the server is not judged by its state.
   */
  readonly restartOf: (id: ServerId) => Promise<unknown> | undefined;
}

/** Waits until a start may be tried again or can never succeed. Driven by the registry's snapshots, without a timer. */
export function waitInQueue(
  registry: Pick<Registry, 'find' | 'onDidChange'>,
  queued: QueuedStart,
): Promise<QueueResult> {
  return new Promise((resolve) => {
    const settledStarts = new Set<ServerId>();
    const stateOf = (id: ServerId): ServerState | undefined => registry.find(id)?.state;
    const settle = (result: QueueResult | undefined): void => {
      if (!result) return;
      unsubscribe();
      resolve(result);
    };
    const isDown = (id: ServerId): boolean => {
      if (!settledStarts.has(id) || !isDownState(stateOf(id))) return false;
      const restart = queued.restartOf(id);
      restart?.then(check, check);
      return restart === undefined;
    };
    const check = (): void =>
      settle(
        resultByState(queued, stateOf(queued.id)) ??
          (hasSameDependencies(registry, queued)
            ? resultByDependencies(queued, isDown, stateOf)
            : { kind: 'go' }),
      );
    const unsubscribe = registry.onDidChange(check);
    for (const [dependency, start] of queued.starts) {
      void resultOfStart(dependency, start).then((result) => {
        settledStarts.add(dependency);
        return result ? settle(result) : check();
      });
    }
    check();
  });
}

/** Converts the outcome of a dependency's start to a result; `undefined` if the start succeeded. */
async function resultOfStart(
  dependency: ServerId,
  start: Promise<Outcome | undefined>,
): Promise<QueueResult | undefined> {
  try {
    return (await start) ? undefined : { kind: 'declined', dependency };
  } catch (error) {
    return { kind: 'refused', dependency, error };
  }
}

function resultByState({ runId }: QueuedStart, ownState: ServerState | undefined): QueueResult | undefined {
  if (isQueuedAs(ownState, runId)) return undefined;
  // Another caller already resumed this start.
  return ownState && runIdOf(ownState) === runId ? { kind: 'go' } : { kind: 'lost' };
}

/** Returns whether the server still has the same dependencies. */
function hasSameDependencies(registry: Pick<Registry, 'find'>, { id, definition }: QueuedStart): boolean {
  const current = registry.find(id)?.definition;
  if (current === definition) return true;
  return current !== undefined && areSame(dependenciesOf(current), dependenciesOf(definition));
}

function resultByDependencies(
  { starts }: QueuedStart,
  isDown: (id: ServerId) => boolean,
  stateOf: (id: ServerId) => ServerState | undefined,
): QueueResult | undefined {
  const dependencies = [...starts.keys()];
  const down = dependencies.find(isDown);
  if (down !== undefined) return { kind: 'down', dependency: down };
  return dependencies.every((id) => isUsable(stateOf(id))) ? { kind: 'go' } : undefined;
}

/**
 * Returns whether a server that was started will not become ready without help. A server whose port is in use may move
 * to another port, and the user is asked about it.
 */
function isDownState(state: ServerState | undefined): boolean {
  if (!state) return true;
  if (isIdle(state)) return !plannedRestart(state);
  if (portConflictOf(state)) return false;
  return state.kind === 'unhealthy' || state.kind === 'stopping' || state.kind === 'stopFailed';
}
