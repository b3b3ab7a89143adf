import { once } from 'node:events';
import { spawnPty } from '../../src/host/launch/pty.js';
import type { Command } from '../harness/window.js';

/** A process in its own terminal, without registry, process host or log. */
export interface BareRun {
  readonly pid: number;
  readonly ended: Promise<void>;
  /** Writes to the input of its terminal. */
  write(data: string): void;
}

export function startBare(
  [file, ...args]: Command,
  env: Readonly<Record<string, string>> = {},
  onData: (chunk: Buffer) => void = () => undefined,
): BareRun {
  const events = new EventTarget();
  const ended = once(events, 'exit').then(() => undefined);
  const onExit = (): boolean => events.dispatchEvent(new Event('exit'));
  const pty = spawnPty({ file, args, cwd: '/', env, onData, onExit });
  return { pid: pty.pid, ended, write: (data) => pty.write(data) };
}

/**
 * Signals a process group, which is the fastest way to end it. Just after the fork there is no group yet; then it
 * signals only the process.
 */
export function killGroup(pid: number, signal: NodeJS.Signals = 'SIGTERM'): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
