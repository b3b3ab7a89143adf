import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { notCreatedError, type Pty, type PtyRequest } from './terminalProcess.js';

/** Maximum time for the rest of the output after the end of a process whose children keep the pipes open, milliseconds. */
const maxRestMs = 500;

/**
 * Starts a process without a terminal, on POSIX systems in a session of its own. Its output has the line ends of a terminal; keys are
 * passed on as they are, and it has no size.
 */
export function spawnPipes({ file, args, cwd, env, onData, onExit }: PtyRequest): Pty {
  const child = spawn(file, [args].flat(), {
    cwd,
    env,
    // On Windows it would get a console of its own, which shows as a window.
    detached: process.platform !== 'win32',
    windowsHide: true,
    windowsVerbatimArguments: typeof args === 'string',
  });
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => onData(withReturns(chunk)));
  // The program may exit without reading its input.
  child.stdin.on('error', () => undefined);
  const created = new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0));
    child.once('error', ({ message }) => reject(notCreatedError(file, message)));
  });
  created.catch(() => undefined);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('exit', (code, signal) => {
    const end = (): void => onExit(code ?? 0, signal === null ? undefined : constants.signals[signal]);
    void Promise.race([closed, sleep(maxRestMs, undefined, { ref: false })]).then(end);
  });
  return {
    pid: child.pid ?? 0,
    created,
    write: (data) => void child.stdin.write(data),
    resize: () => undefined,
    pause: () => void [child.stdout.pause(), child.stderr.pause()],
    resume: () => void [child.stdout.resume(), child.stderr.resume()],
  };
}

/** Returns the bytes with a carriage return before each line feed that has none. */
function withReturns(chunk: Buffer): Buffer {
  return Buffer.from(chunk.toString('latin1').replaceAll(/(?<!\r)\n/g, '\r\n'), 'latin1');
}
