import type { Registry } from '../registry/registry.js';
import { type ServerState } from '../server/state.js';
import type { Timer } from '../common.js';
import type { ServerId } from '../server/identity.js';
import { isIdle, plannedRestart } from '../server/stateQueries.js';

export type WaitResult = 'settled' | 'timeout' | 'cancelled';

export interface WaitDeps {
  readonly registry: Pick<Registry, 'find' | 'onDidChange'>;
  readonly timer: Timer;
}

interface WaitOptions {
  /** State that the caller already knows. While the server is in this state, its problem does not end the wait. */
  readonly before?: ServerState;
  readonly milliseconds: number;
  readonly signal: AbortSignal;
  /** Ends the wait when it returns `true`. Default: `isSettled`. */
  readonly isEnough?: typeof isSettled;
}

/**
 * Waits until a server is ready, or has a new problem to report. Never rejects, and resolves after `milliseconds` at the
 * latest.
 */
export function waitUntilReady(
  { registry, timer }: WaitDeps,
  id: ServerId,
  { before, milliseconds, signal, isEnough = isSettled }: WaitOptions,
): Promise<WaitResult> {
  return new Promise((resolve) => {
    const cleanups: (() => void)[] = [];
    const finish = (result: WaitResult): void => {
      for (const cleanUp of cleanups.splice(0)) cleanUp();
      resolve(result);
    };
    const onAbort = (): void => finish('cancelled');
    const check = (): void => {
      if (isEnough(registry.find(id)?.state, before)) finish('settled');
    };
    if (signal.aborted) return finish('cancelled');
    signal.addEventListener('abort', onAbort);
    cleanups.push(
      () => signal.removeEventListener('abort', onAbort),
      registry.onDidChange(check),
      timer.after(milliseconds, () => finish('timeout')),
    );
    check();
  });
}

/** Returns whether a wait can end. `state` is `undefined` for a server that is no longer in the registry. */
function isSettled(state: ServerState | undefined, before: ServerState | undefined): boolean {
  if (!state) return true;
  if (isIdle(state)) return plannedRestart(state) === undefined || state !== before;
  if (state.kind === 'unhealthy') return state !== before;
  return state.kind === 'ready' || state.kind === 'external' || state.kind === 'stopFailed';
}
