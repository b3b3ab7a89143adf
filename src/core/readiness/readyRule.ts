/** How a server shows that it is ready, as a person has written it for one server. */
export interface ReadyOverrides {
  /** Path that must answer by GET with 200–499. */
  readonly http: string | undefined;
  /** A connection is enough; a number says on which port. */
  readonly tcp: boolean | number | undefined;
  /** Regular expression that a line of output must match. */
  readonly log: string | undefined;
  /** Seconds. */
  readonly timeout: number | undefined;
}

/** When a run counts as ready. Of `http`, `tcp` and `log` all that are there must hold; without any, whatever answers. */
export interface ReadyRule {
  readonly http: string | undefined;
  readonly tcp: boolean;
  /** The only port that counts. */
  readonly port: number | undefined;
  readonly log: string | undefined;
  /** From when on a server that is not ready is said to have a problem, milliseconds. */
  readonly timeoutMs: number;
}

/** The longest and the shortest time that a server may be given to become ready, seconds. */
export const maxReadyTimeout = 3600;
const minReadyTimeout = 1;

const defaultReadyTimeout = 60;

/**
 * What is said for one server goes before the setting `devServers.readyTimeout`, which is in seconds and counts as not set
 * when it is wrong.
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
