import { setTimeout as sleep } from 'node:timers/promises';
import type { Timer } from '../../core/common.js';

/** Node's timers, which keep the process alive until they fire. */
export const timer: Timer = {
  after: (milliseconds, action) => cancelling(setTimeout(action, milliseconds)),
};

/** Node's timers for work that the process does not stay alive for. */
export const backgroundTimer: Timer = {
  after: (milliseconds, action) => cancelling(setTimeout(action, milliseconds).unref()),
};

function cancelling(timeout: NodeJS.Timeout): () => void {
  return () => clearTimeout(timeout);
}

/** Resolves with `true` after the time, with `false` when cancelled. */
export function cancellableTimer(milliseconds: number): { promise: Promise<boolean>; cancel: () => void } {
  const abort = new AbortController();
  const promise = sleep(milliseconds, true, { signal: abort.signal }).catch(() => false);
  return { promise, cancel: () => abort.abort() };
}
