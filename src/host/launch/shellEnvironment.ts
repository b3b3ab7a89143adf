import { homedir } from 'node:os';
import type { ShellEnvironmentMode } from '../../core/commandLine/shellEnvironment.js';
import type { InheritedEnvironment } from '../../core/lifecycle/processHost.js';
import type { EnvironmentChanges } from '../../core/commandLine/terminalEnvironment.js';
import { withTerminalChanges } from './environment.js';
import { nearestFolderFiles, startUpStamp, type FolderFiles } from './folderFiles.js';
import { ShellRunner, type ShellRunnerDeps } from './shellRunner.js';
import { cancellableTimer } from '../system/timers.js';
import { shellOnly } from './shellCommand.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Maximum wait of a start for an environment that it may not need, milliseconds. */
const defaultMaxWaitMs = 1500;

/** Age up to which an answer is used, milliseconds: it may depend on more files than those that are watched. */
const maxAgeMs = 5 * 60_000;

/** Number of folders whose answers are kept. */
const maxAnswers = 50;

export interface ShellEnvironmentDeps extends ShellRunnerDeps {
  /** Writes a line to the log. */
  readonly reportError: (message: string) => void;
  readonly maxWaitMs?: number;
}

/** Folder in which the shell is asked, and the terminal settings of the editor that apply. */
interface Question {
  readonly folder: string;
  readonly terminal: EnvironmentChanges;
  /** Changes with the files of the folder. */
  readonly filesStamp: string | undefined;
}

/** The answer of the shell for a folder. */
interface Answer {
  /** Changes with the files that decide on the answer. */
  readonly stamp: string;
  readonly askedAt: number;
  /** The environment of the shell, or `undefined` if it did not give one. */
  readonly environment: Promise<NodeJS.ProcessEnv | undefined>;
  /** The same, once it is known. */
  known: NodeJS.ProcessEnv | undefined;
}

/**
 * Provides the environment that the user's shell sets up, as in a terminal opened at the same moment in the same
 * folder. The editor asks the shell itself when it starts, unless it was started from a terminal, and its extension
 * host inherits the result. So this class asks the shell only if that has failed, if a folder has files that version
 * managers read, or if a program is missing. Its answer is kept for the folder until these files or the start-up files
 * of the shell change.
 */
export class ShellEnvironment {
  readonly #answers = new Map<string, Answer>();
  readonly #runner: ShellRunner;
  readonly #ofShell = new WeakSet<NodeJS.ProcessEnv>();
  #editor: NodeJS.ProcessEnv = {};
  #hasReportedSlow = false;

  constructor(private readonly deps: ShellEnvironmentDeps) {
    this.#runner = new ShellRunner(deps);
  }

  /** Sets the variables of the editor. The shell inherits them, so its earlier answers become invalid. */
  setEditor(variables: NodeJS.ProcessEnv): void {
    this.#editor = variables;
    this.#answers.clear();
  }

  /**
   * Returns the editor's terminal settings that an environment does not contain yet. As in a terminal, the shell gets
   * them before it makes changes of its own.
   */
  missingIn(environment: NodeJS.ProcessEnv, terminal: EnvironmentChanges): EnvironmentChanges {
    return this.#ofShell.has(environment) ? {} : terminal;
  }

  /**
   * Returns the environment that the servers of a folder inherit. Waits for the shell if the folder depends on it; otherwise
   * a slow shell is not waited for, and its answer applies to later starts.
   */
  async inherited(
    cwd: string,
    { shell: mode, terminal, terminalFolder }: InheritedEnvironment,
  ): Promise<NodeJS.ProcessEnv> {
    const editor = this.#editor;
    if (!isAsked(mode)) return editor;
    const files = await this.#filesFor(cwd, terminalFolder);
    const folder = files?.folder ?? this.#folderToAskIn(mode, cwd);
    if (folder === undefined) return editor;
    const question = { folder, terminal, filesStamp: files?.stamp };
    const answer = await this.#answer(question, performance.now() - maxAgeMs);
    await (files ? answer.environment : Promise.race([answer.environment, this.#maxWait(answer)]));
    return answer.known ?? editor;
  }

  /**
   * Returns other environments for a program that `used` does not have. The first one is that of the shell, however
   * long it takes; an answer from before the start, which began at `since`, does not count. The last one is that of the
   * editor, since startup files may set the `PATH` without what it contained.
   */
  async *others(
    cwd: string,
    { shell: mode, terminal }: InheritedEnvironment,
    { used, since }: { used: NodeJS.ProcessEnv; since: number },
  ): AsyncGenerator<NodeJS.ProcessEnv> {
    if (!isAsked(mode)) return;
    const files = await nearestFolderFiles(cwd, homeOf(this.#editor));
    const question = { folder: files?.folder ?? cwd, terminal, filesStamp: files?.stamp };
    const answer = await this.#answer(question, since);
    const environment = await answer.environment;
    if (environment && environment !== used) yield environment;
    if (this.#editor !== used) yield this.#editor;
  }

  /** Returns the files of version managers that have not acted on the inherited environment yet. */
  async #filesFor(cwd: string, terminalFolder: string | undefined): Promise<FolderFiles | undefined> {
    const home = homeOf(this.#editor);
    const files = await nearestFolderFiles(cwd, home);
    const done = files && terminalFolder !== undefined && (await nearestFolderFiles(terminalFolder, home));
    return done && done.folder === files.folder ? undefined : files;
  }

  /** Returns where the shell is asked for a folder without such files; `undefined` if it need not be. */
  #folderToAskIn(mode: ShellEnvironmentMode, cwd: string): string | undefined {
    if (mode === 'always' || this.#answers.get(cwd)?.known) return cwd;
    return hasShellEnvironment(this.#editor) ? undefined : homeOf(this.#editor);
  }

  /** Ends the shells that have not answered, with all processes that they started. */
  end(): Promise<void> {
    return this.#runner.end();
  }

  async #answer({ folder, terminal, filesStamp = '' }: Question, notBefore: number): Promise<Answer> {
    const stamp = [await startUpStamp(homeOf(this.#editor)), filesStamp, JSON.stringify(terminal)].join('\n');
    const last = this.#answers.get(folder);
    if (last?.stamp === stamp && last.askedAt >= notBefore) return last;
    const environment = this.#ask(folder, terminal);
    const answer: Answer = { stamp, askedAt: performance.now(), environment, known: undefined };
    void environment.then((known) => (answer.known = known));
    this.#answers.delete(folder);
    this.#answers.set(folder, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > maxAnswers && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }

  /** Asks the shell in a folder. Never rejects. */
  async #ask(folder: string, terminal: EnvironmentChanges): Promise<NodeJS.ProcessEnv | undefined> {
    const editor = withTerminalChanges(this.#editor, terminal);
    try {
      const answer = await this.#runner.ask(folder, editor);
      const own = Object.entries(editor).filter(([name]) => shellOnly.has(name));
      const environment = { ...answer, ...Object.fromEntries(own) };
      this.#ofShell.add(environment);
      return environment;
    } catch (error) {
      if (this.#runner.hasEnded) return undefined;
      const detail = errorMessage(error);
      this.deps.reportError(`The environment of the shell is not known: ${detail}`);
      return undefined;
    }
  }

  async #maxWait({ environment }: Answer): Promise<void> {
    const { promise, cancel } = cancellableTimer(this.deps.maxWaitMs ?? defaultMaxWaitMs);
    void environment.finally(cancel);
    if ((await promise) && !this.#hasReportedSlow) {
      this.#hasReportedSlow = true;
      this.deps.reportError(
        'The shell takes long to tell its environment; servers start without it until then.',
      );
    }
  }
}

/** Windows has no start-up files that apply to all programs: the system itself keeps the variables. */
function isAsked(mode: ShellEnvironmentMode): boolean {
  return mode !== 'never' && process.platform !== 'win32';
}

/**
 * Returns whether the environment comes from a shell: shells count themselves, and the editor's command line sets a
 * flag.
 */
export function hasShellEnvironment(env: NodeJS.ProcessEnv): boolean {
  return env['VSCODE_CLI'] === '1' || Number(env['SHLVL'] ?? 0) >= 1;
}

function homeOf(env: NodeJS.ProcessEnv): string {
  return env['HOME'] || homedir();
}
