import type { Timer } from '../core/lifecycle/processHost.js';

/** Time as it passes. */
export const timer: Timer = {
  after: (milliseconds, action) => {
    const timeout = setTimeout(action, milliseconds);
    return () => clearTimeout(timeout);
  },
};
