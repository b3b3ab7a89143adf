import type { Timer } from '../../core/common.js';

/** Node's timers, which keep the process alive until they fire. */
export const timer: Timer = {
  after: (milliseconds, action) => cancelling(setTimeout(action, milliseconds)),
};

/** Node's timers that do not keep the process alive. */
export const backgroundTimer: Timer = {
  after: (milliseconds, action) => cancelling(setTimeout(action, milliseconds).unref()),
};

function cancelling(timeout: NodeJS.Timeout): () => void {
  return () => clearTimeout(timeout);
}

/** Resolves with `true` after the time, with `false` when cancelled. */
export function cancellableTimer(milliseconds: number): { promise: Promise<boolean>; cancel: () => void } {
  let finish: ((isOver: boolean) => void) | undefined;
  const promise = new Promise<boolean>((resolve) => {
    finish = resolve;
  });
  // An abort signal would create an error with a stack for each file that is read.
  const timeout = setTimeout(() => finish?.(true), milliseconds);
  const cancel = (): void => {
    clearTimeout(timeout);
    finish?.(false);
  };
  return { promise, cancel };
}
