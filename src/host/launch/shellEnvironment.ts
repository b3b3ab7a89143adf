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
import { markerName } from '../system/processMarker.js';

/** Timeout of the shell, milliseconds; the editor's own default for this. */
const shellTimeoutMs = 10_000;

/** Longest wait of a start for an environment that it may not need, milliseconds. */
const defaultMaxWaitMs = 1500;

/** Time that processes of the start-up files get to clean up, milliseconds. */
const endGraceMs = 500;

/** Largest output of the shell, UTF-16 units. */
const maxOutputLength = 4 * 1024 * 1024;

export interface ShellEnvironmentDeps {
  /** The editor's environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly platform: Platform;
  readonly table: SharedQuery<ProcessEntry>;
  /** Writes a line to the log. */
  readonly reportError: (message: string) => void;
  readonly timeoutMs?: number;
  readonly maxWaitMs?: number;
}

/**
 * The environment that the user's shell sets up, queried once. The editor queries it itself when it starts, unless it was
 * started from a terminal, and its extension host inherits the result; so it is missing only where that failed, or where
 * the start-up files have changed since.
 */
export class ShellEnvironment {
  #answer: Promise<NodeJS.ProcessEnv | undefined> | undefined;
  #known: NodeJS.ProcessEnv | undefined;
  #running: { readonly child: ChildProcess; readonly name: string } | undefined;
  #hasReportedSlow = false;

  /** The editor's environment with that of the shell over it, merged once. */
  #merged: NodeJS.ProcessEnv;

  constructor(private readonly deps: ShellEnvironmentDeps) {
    this.#merged = deps.env;
  }

  /** Returns the environment that servers inherit. A slow shell is not waited for; its answer applies to later starts. */
  async inherited(mode: ShellEnvironmentMode): Promise<NodeJS.ProcessEnv> {
    const { env } = this.deps;
    if (mode === 'never' || (mode === 'auto' && this.#known === undefined && hasShellEnvironment(env)))
      return env;
    await Promise.race([this.#query(), this.#maxWait()]);
    return this.#merged;
  }

  /** Waits for the shell, however long it takes; returns `undefined` when it adds nothing to `inherited`. */
  async completed(mode: ShellEnvironmentMode): Promise<NodeJS.ProcessEnv | undefined> {
    if (mode === 'never') return undefined;
    const before = this.#known;
    const answer = await this.#query();
    return answer === undefined || answer === before ? undefined : this.#merged;
  }

  /** Ends a shell that has not answered, with all processes that it started. */
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
        // Interactive shells ignore it, but their children do not, and may hold a lock that other shells wait for.
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

  /** Runs the shell and returns its output up to the second mark. Rejects when it fails or does not answer in time. */
  async #runShell(mark: string): Promise<string> {
    const { env } = this.deps;
    // Differs from the mark, which must not occur in the environment that is printed.
    const name = `shell-${randomUUID()}`;
    const { file, args } = environmentCommand(userShell(env), process.execPath, mark);
    const child = spawn(file, args, {
      cwd: homedir(),
      // A session of its own: an interactive shell would take over the terminal of this process.
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
    this.#running = { child, name };
    const { promise, cancel } = cancellableTimer(this.deps.timeoutMs ?? shellTimeoutMs);
    const timeout = promise.then((isOver) => {
      if (isOver) throw new Error('the shell did not answer in time.');
      return '';
    });
    try {
      const output = await Promise.race([readOutput(child, mark), timeout]);
      // Processes that start-up files leave running, such as agents for keys, are meant to stay.
      this.#running = undefined;
      return output;
    } finally {
      cancel();
      await this.end();
    }
  }
}

/**
 * Returns whether the environment comes from a shell: shells count themselves, and the editor's command line sets a
 * flag.
 */
export function hasShellEnvironment(env: NodeJS.ProcessEnv): boolean {
  return process.platform === 'win32' || env['VSCODE_CLI'] === '1' || Number(env['SHLVL'] ?? 0) >= 1;
}

function userShell(env: NodeJS.ProcessEnv): string {
  const shell = env['SHELL'] || userInfo().shell || '/bin/sh';
  // Accounts without login have one of these.
  return /\/(?:false|nologin)$/.test(shell) ? '/bin/sh' : shell;
}

/** Returns the output of the shell up to the second mark. Rejects when it ends before or prints too much. */
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

/** Resolves with `true` after the time, with `false` when cancelled. */
function cancellableTimer(milliseconds: number): { promise: Promise<boolean>; cancel: () => void } {
  const abort = new AbortController();
  const promise = sleep(milliseconds, true, { signal: abort.signal }).catch(() => false);
  return { promise, cancel: () => abort.abort() };
}
