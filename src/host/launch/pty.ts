import { chmodSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as nodePty from 'node-pty';
import type { ProgramLine } from '../platform/platform.js';

export interface PtyRequest extends ProgramLine {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onData: (chunk: Buffer) => void;
  /** Exit code, or the signal's number when a signal ended the process. */
  readonly onExit: (code: number, signal: number | undefined) => void;
}

/** A process in a pseudo-terminal of its own, and with it in a session and process group of its own. */
export interface Pty {
  readonly pid: number;
  write(data: string): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
}

const initialSize = { cols: 120, rows: 30 };

/** The only door to node-pty. Throws what the system says when no terminal or process can be made. */
export function spawnPty({ file, args, cwd, env, onData, onExit }: PtyRequest): Pty {
  if (process.platform === 'darwin') makeHelperExecutable();
  const pty = nodePty.spawn(file, typeof args === 'string' ? args : [...args], {
    name: 'xterm-256color',
    cwd,
    env,
    ...initialSize,
    // Bytes on POSIX, since decoding costs more than the ring does; Windows always gives text.
    encoding: null,
  });
  // The type says text, which with `encoding: null` holds for Windows only.
  pty.onData((data: string | Buffer) => onData(typeof data === 'string' ? Buffer.from(data) : data));
  pty.onExit(({ exitCode, signal }) => onExit(exitCode, signal === 0 ? undefined : signal));
  return {
    pid: pty.pid,
    write: (data) => pty.write(data),
    resize: (columns, rows) => pty.resize(columns, rows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
  };
}

/** Some unpackers lose the executable bit of the helper through which node-pty starts processes on macOS. */
function makeHelperExecutable(): void {
  const folder = dirname(dirname(require.resolve('node-pty')));
  const helper = join(folder, 'prebuilds', `darwin-${process.arch}`, 'spawn-helper');
  if (existsSync(helper)) chmodSync(helper, 0o755);
}
