/** Address at which a server answers. */
export interface Endpoint {
  /** http(s), or `tcp:` if it does not speak HTTP. */
  readonly url: string;
  /**
   * Owner of the socket: a process of the server; a container engine on its behalf; or a process that the system does
   * not let this user see.
   */
  readonly listener: 'own' | 'published' | 'unknown';
  /** Pid of the listening process, if it belongs to the server. */
  readonly pid: number | undefined;
  /** Another program listens on the same port, at another address of the machine. */
  readonly contested: boolean;
  /** The other program listens at the same address, and answers some of the requests. */
  readonly isShared?: true;
  /** Whether the endpoint serves a page. Missing if it does not, or if this is unknown. */
  readonly isPage?: true;
  /** Other addresses at which processes of the server answer, the best one first. Missing without any. */
  readonly otherUrls?: readonly string[];
  /** Another part of the server cannot listen. Missing if none complains. */
  readonly conflict?: PortConflict;
}

/** A port that a server needs and another program uses. */
export interface PortConflict {
  /** `undefined` when the server does not name it. */
  readonly port: number | undefined;
  readonly holder: { readonly pid: number; readonly name: string } | undefined;
}

/** Outcome of a probe of an endpoint. */
export type ProbeOutcome =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  /** It accepted the connection and sent nothing. */
  | { readonly kind: 'noAnswer' }
  /** It accepted the connection and closed it without sending anything. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'notHttp' }
  /** A debugger or live-reload server, which accompanies a server. */
  | { readonly kind: 'tool' }
  | { readonly kind: 'notListening' }
  /** Another program listens there. */
  | { readonly kind: 'foreign' }
  /** No line of output matched. */
  | { readonly kind: 'noMatch' };

/** One probe and its outcome. */
export interface ReadinessAttempt {
  /** An address, a port, or the expression that output must match; empty for any port. */
  readonly target: string;
  readonly outcome: ProbeOutcome;
}

/** Reason why a running server cannot be used. */
export type ReadinessProblem =
  | {
      readonly kind: 'timeout';
      readonly seconds: number;
      readonly attempts: readonly ReadinessAttempt[];
    }
  /** The expression that its output must match takes too long, and was given up. */
  | { readonly kind: 'slowPattern'; readonly pattern: string }
  /** It was ready and no longer answers. */
  | { readonly kind: 'silent'; readonly attempts: readonly ReadinessAttempt[] }
  /** Another program uses its port, which it complained about or claimed. */
  | ({ readonly kind: 'conflict' } & PortConflict);

/** Returns whether an outcome shows that a server works: any answer except a server error. */
export function isHealthy(outcome: ProbeOutcome): boolean {
  if (outcome.kind !== 'status') return outcome.kind === 'accepted';
  return outcome.status >= 200 && outcome.status < 500;
}
