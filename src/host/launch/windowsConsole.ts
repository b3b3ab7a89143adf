import { notCreatedError } from './terminalProcess.js';

/** The parts of node-pty's terminal that are used here. */
interface ConsolePty {
  readonly pid: number;
  onExit(listener: (exit: { exitCode: number }) => void): unknown;
}

/** Interval at which the pid is read, milliseconds: node-pty reports it by no event. */
const pollMs = 5;

/** Longest time until node-pty has created a process, milliseconds. It gives up after 5 s by itself. */
const maxConnectMs = 15_000;

/** Texts for the errors of `CreateProcess`: https://learn.microsoft.com/windows/win32/debug/system-error-codes. */
const systemErrors: Readonly<Record<number, string>> = {
  2: 'the file does not exist',
  3: 'the path does not exist',
  5: 'access is denied',
  8: 'there is not enough memory',
  87: 'its command line or environment is not valid',
  193: 'it is not a program for this version of Windows',
  206: 'its command line is too long',
  216: 'it is not a program for this version of Windows',
  225: 'it contains a virus or potentially unwanted software',
  267: 'the working folder is not valid',
  740: 'it needs to run as an administrator',
  1260: 'a policy of the system blocks it',
};

/**
 * Resolves with the pid of a process in a pseudoconsole. node-pty creates the process a moment after `spawn` returns: the
 * pid is 0 until then. Rejects with `spawnFailed` when the process cannot be created.
 */
export function whenConnected(pty: ConsolePty, file: string, limitMs = maxConnectMs): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const fail = (reason: string): void => {
      clearInterval(timer);
      reject(notCreatedError(file, reason));
    };
    const check = (): void => {
      if (pty.pid > 0) {
        clearInterval(timer);
        resolve(pty.pid);
      } else if (performance.now() - startedAt > limitMs) fail('Windows did not create the process in time');
    };
    const timer = setInterval(check, pollMs);
    pty.onExit(({ exitCode }) => {
      check();
      // Of a process that was never created, node-pty reports the error of the system as the exit code.
      if (pty.pid <= 0) fail(systemErrors[exitCode] ?? `error ${exitCode} of Windows`);
    });
  });
}

/** Ends the thread that reads the output. node-pty keeps it after the end of a process: microsoft/node-pty#965. */
export function disposeConsoleReader(pty: object): void {
  // node-pty has no public access to it.
  const agent: unknown = Reflect.get(pty, '_agent');
  if (typeof agent !== 'object' || agent === null) return;
  const reader = Reflect.get(agent, '_conoutSocketWorker') as { dispose?(): void } | undefined;
  reader?.dispose?.();
}
