import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShellEnvironmentMode } from '../../core/commandLine/shellEnvironment.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';
import type { SharedQuery } from '../system/sharedQuery.js';
import { parseEnvironment, environmentCommand } from './shellCommand.js';
import { terminateTree } from '../processTree/terminate.js';
import { markerName } from '../system/marker.js';

/** The shell gets so long, as the editor gives it for itself by default; milliseconds. */
const shellTimeoutMs = 10_000;

/** A start waits no longer for an environment that it may do without, milliseconds. */
const defaultMaxWaitMs = 1500;

/** What the start-up files have started gets so long to clear up, milliseconds. */
const endGraceMs = 500;

/** More is no environment; UTF-16 units. */
const maxOutputLength = 4 * 1024 * 1024;

export interface ShellEnvironmentDeps {
  /** The editor's environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  /** Takes a line for the log. */
  readonly reportError: (message: string) => void;
  readonly timeoutMs?: number;
  readonly maxWaitMs?: number;
}

/**
 * The environment that the user's shell sets up, asked for once. The editor asks for it itself when it starts, unless it
 * was started from a terminal, and its extension host inherits it; so it is missing only where that failed, or where the
 * start-up files have changed since.
 */
export class ShellEnvironment {
  #answer: Promise<NodeJS.ProcessEnv | undefined> | undefined;
  #known: NodeJS.ProcessEnv | undefined;
  #running: { readonly child: ChildProcess; readonly name: string } | undefined;
  #hasReportedSlow = false;

  /** The editor's with what the shell says over it; one object for all that inherit the same. */
  #merged: NodeJS.ProcessEnv;

  constructor(private readonly deps: ShellEnvironmentDeps) {
    this.#merged = deps.env;
  }

  /** What servers inherit. A slow shell is not waited for; what it says then counts for later starts. */
  async inherited(mode: ShellEnvironmentMode): Promise<NodeJS.ProcessEnv> {
    const { env } = this.deps;
    if (mode === 'never' || (mode === 'auto' && this.#known === undefined && hasShellEnvironment(env)))
      return env;
    await Promise.race([this.#query(), this.#maxWait()]);
    return this.#merged;
  }

  /** The same with what the shell says, however long it takes; `undefined` when that is nothing new. */
  async completed(mode: ShellEnvironmentMode): Promise<NodeJS.ProcessEnv | undefined> {
    if (mode === 'never') return undefined;
    const before = this.#known;
    const answer = await this.#query();
    return answer === undefined || answer === before ? undefined : this.#merged;
  }

  /** Ends the shell if it has not answered, with all that it started. */
  async end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    const pid = running?.child.pid;
    if (!running || pid === undefined) return;
    const { platform, table } = this.deps;
    const identity = await platform.identify(pid).catch(() => undefined);
    if (identity) {
      await terminateTree({
        root: { name: running.name, process: identity, parent: process.pid },
        // Interactive shells ignore it, but not what they started, which may hold a lock that other shells wait for.
        signal: 'SIGTERM',
        graceMs: endGraceMs,
        platform,
        table,
        askPolitely: () => undefined,
        isCollected: () => running.child.exitCode !== null || running.child.signalCode !== null,
      }).report;
    }
    running.child.stdout?.destroy();
    running.child.stderr?.destroy();
  }

  #query(): Promise<NodeJS.ProcessEnv | undefined> {
    this.#answer ??= this.#resolve().catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      this.deps.reportError(`The environment of the shell is not known: ${detail}`);
      return undefined;
    });
    return this.#answer;
  }

  async #maxWait(): Promise<void> {
    const { promise, cancel } = cancellableTimer(this.deps.maxWaitMs ?? defaultMaxWaitMs);
    void this.#query().finally(cancel);
    if ((await promise) && !this.#hasReportedSlow) {
      this.#hasReportedSlow = true;
      this.deps.reportError(
        'The shell takes long to tell its environment; servers start without it until then.',
      );
    }
  }

  async #resolve(): Promise<NodeJS.ProcessEnv> {
    const mark = randomUUID().replaceAll('-', '');
    const output = await this.#runShell(mark);
    const environment = parseEnvironment(output, mark);
    if (!environment) throw new Error('the shell did not print it.');
    this.#known = environment;
    this.#merged = { ...this.deps.env, ...environment };
    return environment;
  }

  /** What the shell prints until its end. Rejects when that does not come, or in failure. */
  async #runShell(mark: string): Promise<string> {
    const { env } = this.deps;
    // Not the mark, which must stand nowhere else in the output.
    const name = `shell-${randomUUID()}`;
    const { file, args } = environmentCommand(userShell(env), process.execPath, mark);
    const child = spawn(file, args, {
      cwd: homedir(),
      // A session of its own: an interactive shell would take a terminal of ours.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...env,
        ELECTRON_RUN_AS_NODE: '1',
        ELECTRON_NO_ATTACH_CONSOLE: '1',
        // Start-up files can tell by it, as they can with the editor's own question.
        VSCODE_RESOLVING_ENVIRONMENT: '1',
        [markerName]: name,
      },
    });
    this.#running = { child, name };
    const { promise, cancel } = cancellableTimer(this.deps.timeoutMs ?? shellTimeoutMs);
    const timeout = promise.then((isOver) => {
      if (isOver) throw new Error('the shell did not answer in time.');
      return '';
    });
    try {
      const output = await Promise.race([readOutput(child, mark), timeout]);
      // What its start-up files leave running, as agents for keys, is meant to stay.
      this.#running = undefined;
      return output;
    } finally {
      cancel();
      await this.end();
    }
  }
}

/** A shell counts itself, so its environment is there where the count is; the editor's own command line says so too. */
export function hasShellEnvironment(env: NodeJS.ProcessEnv): boolean {
  return process.platform === 'win32' || env['VSCODE_CLI'] === '1' || Number(env['SHLVL'] ?? 0) >= 1;
}

function userShell(env: NodeJS.ProcessEnv): string {
  const shell = env['SHELL'] || userInfo().shell || '/bin/sh';
  // Accounts that nobody shall log in to have such a one.
  return /\/(?:false|nologin)$/.test(shell) ? '/bin/sh' : shell;
}

/** What the shell prints until the mark has come twice. Rejects when it ends before. */
function readOutput(child: ChildProcess, mark: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errorText = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.indexOf(mark) !== output.lastIndexOf(mark)) resolve(output);
      else if (output.length > maxOutputLength) reject(new Error('the shell prints without end.'));
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      errorText = (errorText + text).slice(-500);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      reject(new Error(`the shell ended with ${signal ?? `exit ${code}`}. ${errorText.trim()}`.trim()));
    });
  });
}

/** True after so long, false as soon as it is cancelled. */
function cancellableTimer(milliseconds: number): { promise: Promise<boolean>; cancel: () => void } {
  const abort = new AbortController();
  const promise = sleep(milliseconds, true, { signal: abort.signal }).catch(() => false);
  return { promise, cancel: () => abort.abort() };
}
