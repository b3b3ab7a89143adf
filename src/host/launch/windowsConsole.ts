import { setTimeout as sleep } from 'node:timers/promises';
import { notCreatedError } from './terminalProcess.js';

/** The parts of node-pty's terminal that are used here. */
interface ConsolePty {
  readonly pid: number;
  onData(listener: (data: string) => void): { dispose(): void };
  onExit(listener: (exit: { exitCode: number | undefined }) => void): unknown;
  resize(columns: number, rows: number): void;
}

/**
 * Returns the folder with a capital letter for its drive, as terminals of the editor have it: the editor itself uses a small
 * one, and tools that compare paths by their text take both for different folders (microsoft/vscode#9448).
 */
export function withCapitalDrive(folder: string): string {
  return folder.replace(/^[a-z]:/, (drive) => drive.toUpperCase());
}

/** The times before and after a console was created, milliseconds since 1970. */
export type CreationTime = readonly [from: number, to: number];

const inUse = new Set<CreationTime>();

/** The consoles of this process whose programs run. */
export const consolesInUse: ReadonlySet<CreationTime> = inUse;

/** Interval at which the pid is read, milliseconds: node-pty reports it by no event. */
const pollMs = 5;

/** Maximum time until node-pty has created a process, milliseconds. Several at once on a busy machine take its own 5 s. */
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

/** Maximum time between the end of a console and the exit code of its program, milliseconds. */
const maxExitCodeMs = 2000;

/** Pseudoconsole of one program: what node-pty leaves to its callers on Windows. */
export class WindowsConsole {
  /**
   * Resolves with the pid of the program, which node-pty creates a moment after `spawn` returns: the pid is 0 until then.
   * Rejects with `spawnFailed` when the program cannot be created.
   */
  readonly created: Promise<number>;
  #size: readonly [columns: number, rows: number] | undefined;
  #isDrawn = false;

  constructor(
    private readonly pty: ConsolePty,
    file: string,
    createdBetween: CreationTime,
    limitMs = maxConnectMs,
  ) {
    inUse.add(createdBetween);
    // `created` has its own timeout instead of node-pty's.
    callAgent(pty, '_clearConnectionTimeout');
    this.created = whenConnected(pty, file, limitMs);
    this.created.catch(() => undefined);
    pty.onExit(() => inUse.delete(createdBetween));
    const first = pty.onData(() => {
      first.dispose();
      // After node-pty has noticed the same output.
      setImmediate(() => {
        this.#isDrawn = true;
        if (this.#size) this.resize(...this.#size);
      });
    });
  }

  /**
   * Changes the size, at the first output at the earliest: node-pty defers it until then, and throws for a program that
   * has ended, which cannot be caught there.
   */
  resize(columns: number, rows: number): void {
    this.#size = [columns, rows];
    if (!this.#isDrawn) return;
    try {
      this.pty.resize(columns, rows);
    } catch {
      // The program has ended, and its exit is reported soon.
    }
  }

  /** Resolves with the exit code. The console can end first, and `undefined` means that no code has followed. */
  async exitCode(reported: number | undefined): Promise<number | undefined> {
    const deadline = performance.now() + maxExitCodeMs;
    let code = reported;
    while (code === undefined && performance.now() < deadline) {
      await sleep(pollMs);
      code = privateField(this.pty, '_agent', 'exitCode') as number | undefined;
    }
    return code;
  }

  /**
   * Ends the thread that reads the output, and closes the input. node-pty keeps both after the end of a process:
   * microsoft/node-pty#965.
   */
  dispose(): void {
    (
      privateField(this.pty, '_agent', '_conoutSocketWorker') as { dispose?(): void } | undefined
    )?.dispose?.();
    (privateField(this.pty, '_agent', 'inSocket') as { destroy?(): void } | undefined)?.destroy?.();
  }
}

/** Returns a private member of node-pty. */
function privateField(pty: object, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    pty,
  );
}

/** Calls a private method of node-pty. */
function callAgent(pty: object, name: string, ...args: readonly unknown[]): void {
  const agent = privateField(pty, '_agent');
  const method = privateField(pty, '_agent', name);
  if (typeof method === 'function') Reflect.apply(method, agent, args);
}

function whenConnected(pty: ConsolePty, file: string, limitMs: number): Promise<number> {
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
      } else if (performance.now() - startedAt > limitMs) {
        fail('Windows did not create the process in time');
        callAgent(pty, '_failPtyConnection', new Error('The program was not created in time.'));
      }
    };
    const timer = setInterval(check, pollMs);
    pty.onExit(({ exitCode = -1 }) => {
      check();
      // For a process that was never created, node-pty reports the error of the system as the exit code.
      if (pty.pid <= 0) fail(systemErrors[exitCode] ?? `error ${exitCode} of Windows`);
    });
  });
}
