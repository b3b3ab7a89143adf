import type { ReadyOverrides } from '../readiness/readyRule.js';

/** Signals that a stop may send first, beginning with the default. SIGKILL allows no graceful end. */
export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL'] as const;

export type StopSignal = (typeof stopSignals)[number];

/** How a server is stopped. */
export interface StopPlan {
  /** First signal; Windows asks in its own way, except for SIGKILL. */
  readonly signal: StopSignal;
  /** Milliseconds between the first signal and SIGKILL. */
  readonly graceMs: number;
}

/** How to stop processes that no server of this window describes. */
export const defaultStopPlan: StopPlan = { signal: 'SIGTERM', graceMs: 2000 };

/** Stop options of one server. */
export interface StopOverrides {
  readonly stopSignal: StopSignal | undefined;
  /** Seconds. */
  readonly stopTimeout: number | undefined;
}

/** Conditions under which a server is restarted after it exited by itself, beginning with the default. */
export const restartModes = ['never', 'on-failure', 'always'] as const;

export type RestartMode = (typeof restartModes)[number];

/** Options that the user set for one server; they take precedence over the settings. */
export interface ServerOverrides extends StopOverrides {
  readonly restart: RestartMode | undefined;
  readonly ready: ReadyOverrides | undefined;
}
