import type { Registry } from '../registry/registry.js';
import { type ServerState } from '../server/state.js';
import type { Timer } from '../common.js';
import type { ServerId } from '../server/identity.js';
import { isIdle, plannedRestart } from '../server/stateQueries.js';

/** What a wait came to. */
export type WaitResult = 'settled' | 'timeout' | 'cancelled';

export interface WaitDeps {
  readonly registry: Pick<Registry, 'find' | 'onDidChange'>;
  readonly timer: Timer;
}

interface SettlingLimits {
  readonly before?: ServerState;
  readonly milliseconds: number;
  readonly signal: AbortSignal;
  /** Ends the waiting; what is news of the server when left out. */
  readonly isEnough?: typeof isNews;
}

/**
 * Waits until a server is ready, or there is something to say of why it is not. `before` is the state of which the one who
 * waits knows already; a problem that is no news is waited out. Never rejects, and never waits longer than so long.
 */
export function waitUntilReady(
  { registry, timer }: WaitDeps,
  id: ServerId,
  { before, milliseconds, signal, isEnough = isNews }: SettlingLimits,
): Promise<WaitResult> {
  return new Promise((resolve) => {
    const undo: (() => void)[] = [];
    const end = (result: WaitResult): void => {
      for (const action of undo.splice(0)) action();
      resolve(result);
    };
    const onAbort = (): void => end('cancelled');
    const look = (): void => {
      if (isEnough(registry.find(id)?.state, before)) end('settled');
    };
    if (signal.aborted) return end('cancelled');
    signal.addEventListener('abort', onAbort);
    undo.push(
      () => signal.removeEventListener('abort', onAbort),
      registry.onDidChange(look),
      timer.after(milliseconds, () => end('timeout')),
    );
    look();
  });
}

/** A server that is gone from the registry has nothing more to tell. */
function isNews(state: ServerState | undefined, before: ServerState | undefined): boolean {
  if (!state) return true;
  if (isIdle(state)) return plannedRestart(state) === undefined || state !== before;
  if (state.kind === 'unhealthy') return state !== before;
  return state.kind === 'ready' || state.kind === 'external' || state.kind === 'stopFailed';
}
