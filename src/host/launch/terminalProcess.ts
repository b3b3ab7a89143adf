import { ServerError } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';
import type { ProgramLine } from '../platform/platform.js';

/** A program with its folder and environment. */
export interface PtyProgram extends ProgramLine {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface PtyRequest extends PtyProgram {
  readonly onData: (chunk: Buffer) => void;
  /**
   * Called with the exit code, or the number of the signal that ended the process; with neither where the system reports
   * none. Not called for a process that never was.
   */
  readonly onExit: (code: number | undefined, signal: number | undefined) => void;
}

/** A process in a pseudo-terminal of its own, and so in a session and process group of its own. */
export interface Pty {
  /** Pid at the return of `spawnPty`; 0 on Windows, where the process is created later. */
  readonly pid: number;
  /** Resolves with the pid when the process exists. Rejects with `spawnFailed` when it could not be created. */
  readonly created: Promise<number>;
  write(data: string): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
}

/** Returns the error of a process that could not be created. */
export function notCreatedError(file: string, reason: string): ServerError {
  return new ServerError('spawnFailed', untranslated('The start failed: {0} ({1}).', reason, file));
}
