/** Exit codes that scripts can rely on; `docs/command-line.md` describes them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** No window and no `devservers up` has the folder open. */
  noWindow: 3,
  unknownServer: 4,
  /** The user refused, did not answer, or has switched agents off. */
  notAllowed: 5,
  /** The server is not ready in time. */
  timeout: 6,
  portInUse: 7,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with a message for the user and an exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  /** `reason` is a code for programs, like `error` in the answers of agent tools. */
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    readonly reason: string,
  ) {
    super(message);
  }
}

/** Each bundle has its own copy of the class, so `instanceof` does not recognize errors of another bundle. */
function isCommandError(error: unknown): error is CommandError {
  return error instanceof Error && error.name === 'CommandError';
}

/** Returns whether a command has thrown since no window and no `devservers up` has the folder open. */
export function isWithoutWindow(error: unknown): boolean {
  return isCommandError(error) && error.exitCode === exitCodes.noWindow;
}

/** Returns the exit code of a command that has thrown, and the code for programs. */
export function failureOf(error: unknown): Pick<CommandError, 'exitCode' | 'reason'> {
  if (isCommandError(error)) return error;
  return error instanceof Error && error.name === 'WindowClosedError'
    ? { exitCode: exitCodes.noWindow, reason: 'noWindow' }
    : { exitCode: exitCodes.failed, reason: 'failed' };
}

const exitCodeOfReason: Readonly<Record<string, ExitCode>> = {
  badRequest: exitCodes.usage,
  unknownServer: exitCodes.unknownServer,
  notAllowed: exitCodes.notAllowed,
  disabled: exitCodes.notAllowed,
  untrusted: exitCodes.notAllowed,
  configuredOnly: exitCodes.notAllowed,
  outsideWorkspace: exitCodes.notAllowed,
  tooLong: exitCodes.notAllowed,
  portInUse: exitCodes.portInUse,
};

/** States in which a server may still become ready. */
const pendingStates: ReadonlySet<unknown> = new Set(['queued', 'reserved', 'starting']);

/** Returns the exit code for the answer of a tool. */
export function exitCodeOf({
  data,
  failed,
}: {
  readonly data: Readonly<Record<string, unknown>>;
  readonly failed?: true | undefined;
}): ExitCode {
  if (failed !== true) return exitCodes.ok;
  const { error, state } = data;
  if (error === 'notReady' && pendingStates.has(state)) return exitCodes.timeout;
  return (typeof error === 'string' ? exitCodeOfReason[error] : undefined) ?? exitCodes.failed;
}
