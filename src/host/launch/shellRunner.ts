import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import { terminateTree } from '../processTree/terminate.js';
import { markerName } from '../system/processMarker.js';
import { cancellableTimer } from '../system/timers.js';
import { environmentCommand, parseEnvironment, ShellOutput } from './shellCommand.js';

/** Timeout of the shell, milliseconds; the editor's own default for this. */
const shellTimeoutMs = 10_000;

/** Time for the processes that startup files have started to clean up, milliseconds. */
const endGraceMs = 500;

/** Time that a shell which has answered gets to exit before the process host ends, milliseconds. */
const exitMs = 2000;

/** Largest output of the shell, UTF-16 units. */
const maxOutputLength = 4 * 1024 * 1024;

/** A message that bash prints in every interactive shell without a terminal. */
const noTerminal = /^.*: (?:cannot set terminal process group .*|no job control in this shell)\n/gm;

/** Number of shells that run at the same time. */
const maxShells = 4;

export interface ShellRunnerDeps {
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  readonly timeoutMs?: number;
}

/** A shell that has not answered yet. */
interface RunningShell {
  readonly child: ChildProcess;
  /** Marker of its processes. */
  readonly name: string;
}

/** Runs the user's shell to find out the environment that its startup files set up. */
export class ShellRunner {
  readonly #running = new Set<RunningShell>();
  /** Shells that have answered, and are about to exit. */
  readonly #exiting = new Set<ChildProcess>();
  readonly #waiting: (() => void)[] = [];
  #shells = 0;
  #hasEnded = false;

  constructor(private readonly deps: ShellRunnerDeps) {}

  /** Whether the shells were ended, so that a shell without an answer has not failed. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Returns the environment of a shell that starts in a folder. Rejects when it gives none. */
  async ask(folder: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    if (this.#shells >= maxShells) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#shells += 1;
    try {
      if (this.#hasEnded) throw new Error('the process host is ending.');
      const mark = randomUUID().replaceAll('-', '');
      const environment = parseEnvironment(await this.#runShell(folder, env, mark), mark);
      if (!environment) throw new Error('the shell did not print it.');
      return environment;
    } finally {
      this.#shells -= 1;
      this.#waiting.shift()?.();
    }
  }

  /**
   * Ends the shells that have not answered, with all processes that they started, and starts no more. Waits for the exit of
   * the others.
   */
  async end(): Promise<void> {
    this.#hasEnded = true;
    await Promise.all([
      ...[...this.#running].map((shell) => this.#end(shell)),
      ...[...this.#exiting].map(exitOf),
    ]);
  }

  /** Runs the shell and returns its output up to the last mark. Rejects when it fails or does not answer in time. */
  async #runShell(cwd: string, env: NodeJS.ProcessEnv, mark: string): Promise<string> {
    // Differs from the mark, which must not occur in the environment that is printed. Begins with the marker of this
    // process host, so that the next window ends the shell if the host is killed meanwhile.
    const name = `${process.env[markerName] ?? 'host'}-shell-${randomUUID()}`;
    const { file, args } = environmentCommand(userShell(env), process.execPath, mark);
    const child = spawn(file, args, {
      cwd,
      // Runs in its own session: an interactive shell would take over the terminal of this process.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...env,
        ELECTRON_RUN_AS_NODE: '1',
        ELECTRON_NO_ATTACH_CONSOLE: '1',
        // Start-up files can detect the query by it, as they can the editor's own.
        VSCODE_RESOLVING_ENVIRONMENT: '1',
        [markerName]: name,
      },
    });
    const shell: RunningShell = { child, name };
    this.#running.add(shell);
    const { promise, cancel } = cancellableTimer(this.deps.timeoutMs ?? shellTimeoutMs);
    const timeout = promise.then((isOver) => {
      if (isOver) throw new Error('the shell did not answer in time.');
      return '';
    });
    try {
      const output = await Promise.race([readOutput(child, mark), timeout]);
      // Startup files leave some processes running on purpose, such as key agents. Only the clean-up after a killed
      // process host ends them.
      this.#running.delete(shell);
      this.#exiting.add(child);
      child.once('exit', () => this.#exiting.delete(child));
      return output;
    } finally {
      cancel();
      await this.#end(shell);
    }
  }

  async #end(shell: RunningShell): Promise<void> {
    const { child, name } = shell;
    if (!this.#running.delete(shell) || child.pid === undefined) return;
    const { platform, table } = this.deps;
    const identity = await platform.identify(child.pid).catch(() => undefined);
    if (identity) {
      await terminateTree({
        root: { name, process: identity, parent: process.pid },
        // Interactive shells ignore this signal. Their children do not, and may hold a lock that other shells wait for.
        signal: 'SIGTERM',
        graceMs: endGraceMs,
        platform,
        table,
        isCollected: () => child.exitCode !== null || child.signalCode !== null,
      }).report;
    }
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

/** Resolves when the shell exits, or does not do so in time. */
async function exitOf(shell: ChildProcess): Promise<void> {
  const { promise, cancel } = cancellableTimer(exitMs);
  shell.once('exit', cancel);
  await promise;
}

function userShell(env: NodeJS.ProcessEnv): string {
  const shell = env['SHELL'] || userInfo().shell || '/bin/sh';
  // Accounts without login have one of these shells.
  return /\/(?:false|nologin)$/.test(shell) ? '/bin/sh' : shell;
}

/** Returns the output of the shell up to the last mark. Rejects when it ends before or prints too much. */
function readOutput(child: ChildProcess, mark: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const output = new ShellOutput(mark);
    let errorText = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output.add(text);
      if (output.isComplete) resolve(output.text);
      else if (output.text.length > maxOutputLength) reject(new Error('the shell prints without end.'));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errorText = (errorText + text).slice(-500);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const text = errorText.replaceAll(noTerminal, '').trim();
      reject(new Error(`the shell ended with ${signal ?? `exit ${code}`}. ${text}`.trim()));
    });
  });
}
