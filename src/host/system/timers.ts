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
