import type { ReadyOverrides } from '../readiness/readyRule.js';

/** The signals that may ask a server to end, the usual one first. SIGKILL is in place of asking. */
export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL'] as const;

export type StopSignal = (typeof stopSignals)[number];

/** The same for one server alone. */
export interface StopOverrides {
  readonly stopSignal: StopSignal | undefined;
  /** Seconds. */
  readonly stopTimeout: number | undefined;
}

/** When a server is started again after it has ended by itself, the usual answer first. */
export const restartModes = ['never', 'on-failure', 'always'] as const;

export type RestartMode = (typeof restartModes)[number];

/** What a person has written for one server alone; it goes before the settings for all. */
export interface ServerOverrides extends StopOverrides {
  readonly restart: RestartMode | undefined;
  readonly ready: ReadyOverrides | undefined;
}
