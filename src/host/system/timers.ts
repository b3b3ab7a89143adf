import type { Timer } from '../../core/common.js';

/** Node's timers, which keep the process alive until they fire. */
export const timer: Timer = {
  after: (milliseconds, action) => {
    const timeout = setTimeout(action, milliseconds);
    return () => clearTimeout(timeout);
  },
};
