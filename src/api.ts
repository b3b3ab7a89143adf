/**
 * The API that `activate` returns to other extensions. This file imports nothing, so that it can be copied. `version`
 * increases when a member is removed or changed; additions do not change it.
 */
export interface DevServersApi {
  readonly version: 1;
  /** Returns the servers of the window once the workspace has been scanned. */
  snapshot(): Promise<readonly DevServer[]>;
  /** Calls the listener after every change. */
  onDidChange(listener: (servers: readonly DevServer[]) => void): { dispose(): void };
  /**
   * Starts the server if it does not run yet, and resolves when it is ready. Rejects with a `DevServerError` if it does
   * not become ready; a server that was started keeps running.
   */
  start(id: string, options?: DevServerOptions): Promise<DevServer>;
  /** Stops the server. Resolves when all its processes have ended. */
  stop(id: string, options?: DevServerOptions): Promise<DevServer>;
  /** Stops the server and starts it again. Resolves when it is ready. */
  restart(id: string, options?: DevServerOptions): Promise<DevServer>;
  /** Returns the end of the server's output, or the part from `offset` on; `undefined` if the server has no output. */
  logs(id: string, options?: DevServerLogOptions): Promise<DevServerLog | undefined>;
}

export interface DevServer {
  readonly id: string;
  readonly name: string;
  /** Absolute path of the working directory. */
  readonly folder: string;
  /** For display only; it is not quoted for a shell. */
  readonly command: string;
  /**
   * `stopped`, `reserved`, `starting`, `ready`, `unhealthy`, `stopping`, `stopFailed`, `crashed`, or `external` for a
   * server that was adopted. Later versions may add others.
   */
  readonly state: string;
  /** Reason why the server is not ready, if there is more to say than `state` does. */
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
  /** Name of the caller, shown to the user. Default: `an extension`. */
  readonly by?: string;
  /** Maximum time to wait until the server is ready, in seconds; at most 300. Default: 45. With 0 a start resolves at once. */
  readonly timeoutSeconds?: number;
}

export interface DevServerLogOptions {
  /** Default: 100. */
  readonly lines?: number;
  /** Offset of the first byte: the `end` of an earlier part. */
  readonly offset?: number;
}

/** Part of a log as plain text, without control sequences. */
export interface DevServerLog {
  readonly text: string;
  /** Byte offset in the output of all runs; it does not change when the oldest output is dropped. */
  readonly start: number;
  readonly end: number;
  /** There is more output than `text` contains, in the log or in the requested part. */
  readonly truncated: boolean;
}

/**
 * Error of an API call. `reason` is for code: `unknownServer`, `untrusted`, `limit`, `portInUse`, `spawnFailed`,
 * `notReady` and others.
 */
export interface DevServerError extends Error {
  readonly reason: string;
}
