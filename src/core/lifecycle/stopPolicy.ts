import type { ServerState } from '../server/state.js';
import type { ServerDefinition } from '../server/definition.js';
import { stopSignals, type StopSignal, type StopOverrides } from '../server/overrides.js';

/** How a server is stopped. */
export interface StopPlan {
  /** The first signal; Windows has its own way to ask, except for SIGKILL. */
  readonly signal: StopSignal;
  /** Milliseconds between that signal and SIGKILL. */
  readonly graceMs: number;
}

/** The settings `devServers.stopSignal` and `devServers.stopTimeout`, which is in seconds; unchecked. */
export interface StopSettings {
  readonly stopSignal: unknown;
  readonly stopTimeout: unknown;
}

/** The longest time that a server may be given to end, seconds. */
export const maxStopTimeout = 600;

const defaultStopTimeout = 5;

/** What is said for one server goes before the settings; a setting with a wrong value counts as not set. */
export function stopPlan(own: StopOverrides | undefined, settings: StopSettings): StopPlan {
  const signal =
    own?.stopSignal ?? stopSignals.find((known) => known === settings.stopSignal) ?? stopSignals[0];
  const seconds = own?.stopTimeout ?? checkedTimeout(settings.stopTimeout) ?? defaultStopTimeout;
  // Nobody can answer SIGKILL, so there is nothing to wait for.
  return { signal, graceMs: signal === 'SIGKILL' ? 0 : seconds * 1000 };
}

function checkedTimeout(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= maxStopTimeout ? value : undefined;
}

/** Whether what is there now may be ended by the one who asks. */
export type CanStop = (state: ServerState) => boolean;

/** Settings that decide how a server is stopped. */
export interface StopPolicy {
  plan(definition: ServerDefinition): StopPlan;
}
