/**
 * What `activate` gives to other extensions. This file imports nothing, so it can be copied. `version` grows when something
 * is taken away or changed; what is only added does not change it.
 */
export interface DevServersApi {
  readonly version: 1;
  /** The servers of the window, once the workspace has been looked through. */
  snapshot(): Promise<readonly DevServer[]>;
  /** Calls the listener with every change. */
  onDidChange(listener: (servers: readonly DevServer[]) => void): { dispose(): void };
  /**
   * Starts the server, or finds that it runs, and resolves when it is ready. Rejects with a `DevServerError` when it does
   * not become ready; what was started then goes on.
   */
  start(id: string, options?: DevServerOptions): Promise<DevServer>;
  /** Resolves when every process of the server has ended. */
  stop(id: string, options?: DevServerOptions): Promise<DevServer>;
  /** Stops it and starts it again, and resolves when it is ready. */
  restart(id: string, options?: DevServerOptions): Promise<DevServer>;
  /** The end of what the server wrote, or what stands behind an offset; `undefined` when it has written nothing. */
  logs(id: string, options?: DevServerLogOptions): Promise<DevServerLog | undefined>;
}

export interface DevServer {
  readonly id: string;
  readonly name: string;
  /** Absolute path of the folder it runs in. */
  readonly folder: string;
  /** For showing, not for executing. */
  readonly command: string;
  /**
   * `stopped`, `reserved`, `starting`, `ready`, `unhealthy`, `stopping`, `stopFailed`, `crashed`, or `external` for one that
   * was adopted. Further ones may come.
   */
  readonly state: string;
  /** Why it is not ready, where more is known than the state tells. */
  readonly problem?: string;
  readonly url?: string;
  readonly port?: number;
  readonly pid?: number;
  readonly startedBy?: string;
  readonly startedByKind?: 'user' | 'agent' | 'autoStart';
  readonly uptimeSeconds?: number;
  readonly exitCode?: number;
  readonly exitSignal?: string;
}

export interface DevServerOptions {
  /** Who does it, as it is shown. Default: `an extension`. */
  readonly by?: string;
  /** Seconds to wait until it is ready, 300 at most. Default: 45. */
  readonly timeoutSeconds?: number;
}

export interface DevServerLogOptions {
  /** Default: 100. */
  readonly lines?: number;
  /** Where to begin, as `end` of an earlier part. */
  readonly offset?: number;
}

/** A part of a log as plain text, without control sequences. */
export interface DevServerLog {
  readonly text: string;
  /** Offsets count all bytes that were ever written. */
  readonly start: number;
  readonly end: number;
  /** More than this was asked for or there is. */
  readonly truncated: boolean;
}

/** `reason` is for code: `unknownServer`, `untrusted`, `limit`, `portInUse`, `spawnFailed`, `notReady` and others. */
export interface DevServerError extends Error {
  readonly reason: string;
}
