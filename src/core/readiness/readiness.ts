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

/** Where a server answers. */
export interface Endpoint {
  /** http(s), or `tcp:` when it does not speak HTTP. */
  readonly url: string;
  /**
   * Who listens there: a process of the server itself; a container engine on its behalf; or somebody whom the system does
   * not let us see.
   */
  readonly listener: 'own' | 'published' | 'unknown';
  /** The process that listens, where it is one of the server's. */
  readonly pid: number | undefined;
  /** Another program listens on the same port too, at another address of the machine. */
  readonly contested: boolean;
}

/** What came of looking whether a server answers. */
export type ProbeOutcome =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  /** It accepted the connection and then was silent. */
  | { readonly kind: 'noAnswer' }
  /** It accepted the connection and closed it without a word. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'notHttp' }
  /** A debugger or a live reloader, which is beside a server and not the server. */
  | { readonly kind: 'tool' }
  | { readonly kind: 'notListening' }
  /** Somebody else listens there. */
  | { readonly kind: 'foreign' }
  /** No line of output matched. */
  | { readonly kind: 'noMatch' };

/** One thing that was tried. */
export interface ReadinessAttempt {
  /** An address, a port, or the expression that output was compared with; empty for any port. */
  readonly target: string;
  readonly outcome: ProbeOutcome;
}

/** Why a server that runs cannot be used. */
export type ReadinessProblem =
  | {
      readonly kind: 'timeout';
      readonly seconds: number;
      readonly attempts: readonly ReadinessAttempt[];
    }
  /** It was ready and does not answer any more. */
  | { readonly kind: 'silent'; readonly attempts: readonly ReadinessAttempt[] }
  /** It has announced a port on which another program listens. */
  | {
      readonly kind: 'conflict';
      readonly port: number;
      readonly holder: { readonly pid: number; readonly name: string } | undefined;
    };

/** The longest and the shortest time that a server may be given to become ready, seconds. */
export const longestReadyTimeout = 3600;
const shortestReadyTimeout = 1;

const defaultReadyTimeout = 60;

/**
 * What is said for one server goes before the setting `devServers.readyTimeout`, which is in seconds and counts as not set
 * when it is wrong.
 */
export function readyRule(own: ReadyOverrides | undefined, setting: unknown): ReadyRule {
  const seconds = own?.timeout ?? checkedTimeout(setting) ?? defaultReadyTimeout;
  return {
    http: own?.http,
    tcp: own?.tcp !== undefined && own.tcp !== false,
    port: typeof own?.tcp === 'number' ? own.tcp : undefined,
    log: own?.log,
    timeoutMs: seconds * 1000,
  };
}

/** Whether an answer shows that a server works: any but an error of the server itself. */
export function isHealthy(outcome: ProbeOutcome): boolean {
  if (outcome.kind !== 'status') return outcome.kind === 'accepted';
  return outcome.status >= 200 && outcome.status < 500;
}

function checkedTimeout(value: unknown): number | undefined {
  const isInRange =
    typeof value === 'number' && value >= shortestReadyTimeout && value <= longestReadyTimeout;
  return isInRange ? value : undefined;
}
