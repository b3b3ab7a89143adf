import type { ServerState } from '../server/state.js';
import type { ServerDefinition } from '../server/definition.js';
import { stopSignals, type StopOverrides, type StopPlan } from '../server/overrides.js';

/** Unchecked values of `devServers.stopSignal` and `devServers.stopTimeout` (seconds). */
export interface StopSettings {
  readonly stopSignal: unknown;
  readonly stopTimeout: unknown;
}

/** Maximum grace, seconds. */
export const maxStopTimeout = 600;

const defaultStopTimeout = 5;

/**
 * Combines the server's own values with the settings, which apply where the server has none. An invalid setting counts
 * as not set.
 */
export function stopPlan(own: StopOverrides | undefined, settings: StopSettings): StopPlan {
  const signal =
    own?.stopSignal ?? stopSignals.find((known) => known === settings.stopSignal) ?? stopSignals[0];
  const seconds = own?.stopTimeout ?? checkedTimeout(settings.stopTimeout) ?? defaultStopTimeout;
  // A process cannot handle SIGKILL, so there is nothing to wait for.
  return { signal, graceMs: signal === 'SIGKILL' ? 0 : seconds * 1000 };
}

function checkedTimeout(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= maxStopTimeout ? value : undefined;
}

/** Returns whether the caller may stop a server that is in this state. */
export type CanStop = (state: ServerState) => boolean;

/** Settings that decide how a server is stopped. */
export interface StopPolicy {
  plan(definition: ServerDefinition): StopPlan;
}
