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

/** Whether an answer shows that a server works: any but an error of the server itself. */
export function isHealthy(outcome: ProbeOutcome): boolean {
  if (outcome.kind !== 'status') return outcome.kind === 'accepted';
  return outcome.status >= 200 && outcome.status < 500;
}
