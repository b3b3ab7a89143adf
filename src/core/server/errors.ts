import { englishText, type Text } from '../text.js';
import { errorMessage } from '../errorMessage.js';

/** Reason why an operation on a server was refused or failed. Callers branch on this, never on the message. */
export type FailureReason =
  /** No server has that id. */
  | 'unknownServer'
  /** Clean-up has started; every further start is refused. */
  | 'closed'
  /** The workspace is not trusted, so none of its commands is executed. */
  | 'untrusted'
  /** `devServers.maxServers` servers are active already. */
  | 'limit'
  /** A dependency was refused, failed, or ended before it was ready; `cause` is the first error. */
  | 'dependencyFailed'
  /** The dependencies are circular, so no server of the cycle can start first. */
  | 'dependencyCycle'
  /** A stop arrived before the process was created. */
  | 'cancelled'
  /** Another process uses the port that the server needs. */
  | 'portInUse'
  /** The command could not be executed: not found, not executable, folder missing. */
  | 'spawnFailed'
  /** The process host died or could not be started. */
  | 'hostLost'
  /** The process host lives, but does not respond. */
  | 'hostFrozen'
  /** Processes outlived SIGKILL; starting a second copy beside them is refused. */
  | 'survivors'
  /** An event arrived in a state that does not accept it; a bug in this extension. */
  | 'illegalEvent'
  /** The caller may not end this run. */
  | 'notAllowed'
  /** The request is malformed. */
  | 'badRequest';

/** The error type of the registry and the process host. `text` is for users, `message` the same in English. */
export class ServerError extends Error {
  override readonly name = 'ServerError';

  constructor(
    readonly reason: FailureReason,
    readonly text: Text,
    options?: ErrorOptions,
  ) {
    super(englishText(text), options);
  }
}

/** The error of a start whose port another process uses. */
export class PortInUseError extends ServerError {
  constructor(
    readonly port: number,
    text: Text,
  ) {
    super('portInUse', text);
  }
}

/** Returns a thrown {@link ServerError} as it is, and wraps any other value in one with `reason`. */
export function toServerError(thrown: unknown, reason: FailureReason): ServerError {
  if (thrown instanceof ServerError) return thrown;
  return new ServerError(reason, errorMessage(thrown), {
    cause: thrown,
  });
}
