/** Ways to treat the servers when the window is gone; the first is the default. */
const windowCloseModes = ['reload', 'keep', 'stop'] as const;

/** Unchecked values of `devServers.onWindowClose`, `devServers.reloadGrace` (seconds) and `devServers.keepFor` (hours). */
export interface HoldSettings {
  readonly onWindowClose: unknown;
  readonly reloadGrace: unknown;
  readonly keepFor: unknown;
}

const defaultReloadGrace = 30;
const maxReloadGrace = 3600;
const defaultKeepFor = 8;
const maxKeepFor = 168;

/** Maximum time for which servers are held without a window, milliseconds. */
export const maxHoldMs = maxKeepFor * 3_600_000;

/**
 * Returns how long servers keep running without a window, milliseconds; 0 if they stop with the window. An invalid
 * setting counts as not set.
 */
export function holdMs({ onWindowClose, reloadGrace, keepFor }: HoldSettings): number {
  const mode = windowCloseModes.find((known) => known === onWindowClose) ?? windowCloseModes[0];
  switch (mode) {
    case 'stop':
      return 0;
    case 'reload':
      return numberWithin(reloadGrace, 1, maxReloadGrace, defaultReloadGrace) * 1000;
    case 'keep':
      return numberWithin(keepFor, 0.01, maxKeepFor, defaultKeepFor) * 3_600_000;
  }
}

function numberWithin(value: unknown, min: number, max: number, otherwise: number): number {
  return typeof value === 'number' && value >= min && value <= max ? value : otherwise;
}
