import type { Timer } from '../core/common.js';

/** Time as it passes. */
export const timer: Timer = {
  after: (milliseconds, action) => {
    const timeout = setTimeout(action, milliseconds);
    return () => clearTimeout(timeout);
  },
};
