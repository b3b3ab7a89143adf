/** Readiness conditions that the user configured for one server. */
export interface ReadyOverrides {
  /** Path that must answer by GET with 200–499. */
  readonly http: string | undefined;
  /** A connection suffices; a number is the port to connect to. */
  readonly tcp: boolean | number | undefined;
  /** Regular expression that a line of output must match. */
  readonly log: string | undefined;
  /** Seconds. */
  readonly timeout: number | undefined;
}

/**
 * Conditions for a run to count as ready. All of `http`, `tcp` and `log` that are set must hold; without any, any
 * answer.
 */
export interface ReadyRule {
  readonly http: string | undefined;
  readonly tcp: boolean;
  /** The only port that counts. */
  readonly port: number | undefined;
  readonly log: string | undefined;
  /** Time after which a server that is not ready is reported as unhealthy, milliseconds. */
  readonly timeoutMs: number;
}

/** Range of the ready timeout, seconds. */
export const maxReadyTimeout = 3600;
const minReadyTimeout = 1;

const defaultReadyTimeout = 60;

/**
 * Returns the rule of a server. Its own timeout takes precedence over the setting `devServers.readyTimeout`, in
 * seconds, of which an invalid value counts as not set.
 */
export function readyRule(overrides: ReadyOverrides | undefined, setting: unknown): ReadyRule {
  const seconds = overrides?.timeout ?? validTimeout(setting) ?? defaultReadyTimeout;
  return {
    http: overrides?.http,
    tcp: overrides?.tcp !== undefined && overrides.tcp !== false,
    port: typeof overrides?.tcp === 'number' ? overrides.tcp : undefined,
    log: overrides?.log,
    timeoutMs: seconds * 1000,
  };
}

function validTimeout(value: unknown): number | undefined {
  const isInRange = typeof value === 'number' && value >= minReadyTimeout && value <= maxReadyTimeout;
  return isInRange ? value : undefined;
}
