/** Why an operation on a server was refused or failed. Callers branch on this, never on the message. */
export type FailureReason =
  /** No server has that id. */
  | 'unknownServer'
  /** Clean-up has begun; nothing starts any more. */
  | 'closed'
  /** The workspace is not trusted, so nothing of it is executed. */
  | 'untrusted'
  /** `devServers.maxServers` servers run already. */
  | 'limit'
  /** A server that it depends on was refused, failed, or ended before it was ready; `cause` is what was first. */
  | 'dependencyFailed'
  /** Servers depend on each other in a circle, so none of them can be the first. */
  | 'dependencyCycle'
  /** Somebody stopped it before its process was made. */
  | 'cancelled'
  /** Somebody else holds the port that the server wants. */
  | 'portInUse'
  /** The command could not be executed: not found, not executable, folder missing. */
  | 'spawnFailed'
  /** The process host died or could not be started. */
  | 'hostLost'
  /** Processes outlived SIGKILL; starting a second copy beside them is refused. */
  | 'survivors'
  /** An event arrived in a state in which it cannot happen; a defect of ours. */
  | 'illegalEvent'
  /** What runs may not be ended by the one who wants that. */
  | 'notAllowed'
  /** The request is not of the agreed form. */
  | 'badRequest';

/** The one error type of the registry and the process host. `message` is for people, `reason` is for code. */
export class ServerError extends Error {
  override readonly name = 'ServerError';

  constructor(
    readonly reason: FailureReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Any thrown value as a {@link ServerError}; what is none already becomes one with `reason`. */
export function toServerError(thrown: unknown, reason: FailureReason): ServerError {
  if (thrown instanceof ServerError) return thrown;
  return new ServerError(reason, thrown instanceof Error ? thrown.message : String(thrown), {
    cause: thrown,
  });
}
