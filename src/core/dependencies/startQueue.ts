import { dependenciesOf, isUsable } from '../registry/dependencyGraph.js';
import type { Outcome } from '../lifecycle/outcome.js';
import type { Registry } from '../registry/registry.js';
import type { ServerDefinition } from '../server/definition.js';
import { type RunId, type ServerState } from '../server/state.js';
import type { ServerId } from '../server/identity.js';
import { isIdle, isQueuedAs, plannedRestart, runIdOf } from '../server/stateQueries.js';

/** What the waiting of a start comes to. */
export type QueueResult =
  /** There may be nothing more to wait for, or something else: it is to be tried again. */
  | { readonly kind: 'go' }
  /** The place in the queue is gone: somebody stopped the server, it is not defined any more, or clean-up has begun. */
  | { readonly kind: 'lost' }
  /** The start of a server that it waits for threw. */
  | { readonly kind: 'refused'; readonly dependency: ServerId; readonly error: unknown }
  /** A person was asked about the start of a server that it waits for, and left it at that. */
  | { readonly kind: 'declined'; readonly dependency: ServerId }
  /** A server that it waits for was started, and will not be ready unless somebody sees to it. */
  | { readonly kind: 'down'; readonly dependency: ServerId };

/** A start that waits in the queue. */
export interface QueuedStart {
  readonly id: ServerId;
  readonly runId: RunId;
  readonly definition: ServerDefinition;
  /** The starts of what it depends on, which decide as long as they are under way; `undefined` for one given up. */
  readonly starts: ReadonlyMap<ServerId, Promise<Outcome | undefined>>;
}

/** Waits, by the snapshots of the registry, until it is the turn of a start, or never will be. */
export function waitInQueue(
  registry: Pick<Registry, 'find' | 'onDidChange'>,
  queued: QueuedStart,
): Promise<QueueResult> {
  return new Promise((resolve) => {
    const begun = new Set<ServerId>();
    const stateOf = (id: ServerId): ServerState | undefined => registry.find(id)?.state;
    const settle = (turn: QueueResult | undefined): void => {
      if (!turn) return;
      unsubscribe();
      resolve(turn);
    };
    const look = (): void =>
      settle(
        turnByPlace(queued, stateOf(queued.id)) ??
          (isSameDefinition(registry, queued) ? turnByDependencies(queued, begun, stateOf) : { kind: 'go' }),
      );
    const unsubscribe = registry.onDidChange(look);
    for (const [dependency, start] of queued.starts) {
      void endOf(dependency, start).then((turn) => {
        begun.add(dependency);
        return turn ? settle(turn) : look();
      });
    }
    look();
  });
}

/** What the end of a start means for who waits for it, if that is known already. */
async function endOf(
  dependency: ServerId,
  start: Promise<Outcome | undefined>,
): Promise<QueueResult | undefined> {
  try {
    return (await start) ? undefined : { kind: 'declined', dependency };
  } catch (error) {
    return { kind: 'refused', dependency, error };
  }
}

function turnByPlace({ runId }: QueuedStart, own: ServerState | undefined): QueueResult | undefined {
  if (isQueuedAs(own, runId)) return undefined;
  // Somebody else waits for the same start and was quicker.
  return own && runIdOf(own) === runId ? { kind: 'go' } : { kind: 'lost' };
}

/** Whether the server still depends on what it waits for. */
function isSameDefinition(registry: Pick<Registry, 'find'>, { id, definition }: QueuedStart): boolean {
  const current = registry.find(id)?.definition;
  return (
    current === definition ||
    String(current && dependenciesOf(current)) === String(dependenciesOf(definition))
  );
}

function turnByDependencies(
  { starts }: QueuedStart,
  begun: ReadonlySet<ServerId>,
  stateOf: (id: ServerId) => ServerState | undefined,
): QueueResult | undefined {
  const dependencies = [...starts.keys()];
  const down = dependencies.find((id) => begun.has(id) && isDown(stateOf(id)));
  if (down !== undefined) return { kind: 'down', dependency: down };
  return dependencies.every((id) => isUsable(stateOf(id))) ? { kind: 'go' } : undefined;
}

/** Whether a server that was started will not be ready unless somebody sees to it. */
function isDown(state: ServerState | undefined): boolean {
  if (!state) return true;
  if (isIdle(state)) return !plannedRestart(state);
  return state.kind === 'unhealthy' || state.kind === 'stopping' || state.kind === 'stopFailed';
}
