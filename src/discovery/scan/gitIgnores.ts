import ignore, { type Ignore } from 'ignore';
import type { Translator } from '../../core/common.js';
import type { DiscoveryProblem } from '../files/discoveryResult.js';
import { maxGitIgnoreMs, maxGitIgnoreRuleLength, maxGitIgnoreRules } from '../files/limits.js';
import { folderOf } from '../files/relativePath.js';
import type { EventLoopTurns } from '../files/workspaceFiles.js';
import { errorMessage } from '../../core/errorMessage.js';

export const gitIgnoreName = '.gitignore';

/** Runs work that may take exponential time. Throws if it takes too long. The work may be repeated. */
export type RunBounded = <Result>(work: () => Result) => Result;

interface FolderRules {
  readonly file: string;
  /** Prefix of the paths in the folder. */
  readonly prefix: string;
  readonly rules: Ignore;
}

/** Number of paths that are matched against the rules of one file at a time. */
const batchSize = 50;

/** Attempts for a batch. The first one also compiles the rules, and the next ones reuse what it has compiled. */
const maxAttempts = 3;

/**
 * The rules of the `.gitignore` files of a workspace folder. If those of a file cannot be applied, this is a problem,
 * and the others are applied.
 */
export class GitIgnores {
  readonly #problems: DiscoveryProblem[];
  readonly #folders: readonly FolderRules[];

  /** `problems` contains those of the files that could not be read. */
  constructor(
    files: readonly { readonly path: string; readonly text: string }[],
    problems: readonly DiscoveryProblem[],
    private readonly l10n: Translator,
  ) {
    this.#problems = [...problems];
    this.#folders = files.flatMap(({ path, text }) => this.#parse(path, text) ?? []);
  }

  get problems(): readonly DiscoveryProblem[] {
    return this.#problems;
  }

  /**
   * Resolves with the paths that git ignores, except for settings of the editor and of agents: they apply although git
   * often ignores them.
   */
  async ignored(
    paths: readonly string[],
    turns: EventLoopTurns,
    runBounded: RunBounded,
  ): Promise<ReadonlySet<string>> {
    const deadline = turns.now() + maxGitIgnoreMs;
    const ignored = new Set<string>();
    const candidates = paths.filter((path) => !/(?:^|\/)\.(?:vscode|claude)\//u.test(path));
    for (const folder of this.#folders) {
      const inside = candidates.filter((path) => path.startsWith(folder.prefix) && !ignored.has(path));
      for (let start = 0; start < inside.length; start += batchSize) {
        const batch = inside.slice(start, start + batchSize);
        const found = turns.now() < deadline ? ignoredIn(folder, batch, runBounded) : undefined;
        await turns.next();
        if (!found) {
          this.#exclude(folder.file, this.l10n.t('Its rules take too long to evaluate and are not applied.'));
          break;
        }
        for (const path of found) ignored.add(path);
      }
    }
    return ignored;
  }

  #parse(file: string, text: string): FolderRules | undefined {
    const lines = text.split(/\r\n|\n|\r/u).filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const usable = lines.filter(({ length }) => length <= maxGitIgnoreRuleLength).slice(0, maxGitIgnoreRules);
    if (usable.length < lines.length) {
      const reason = this.l10n.t('It has {0} rules; only {1} are applied.', lines.length, usable.length);
      this.#exclude(file, reason);
    }
    try {
      const folder = folderOf(file);
      return { file, prefix: folder === '' ? '' : `${folder}/`, rules: ignore().add(usable) };
    } catch (error) {
      const detail = errorMessage(error);
      this.#exclude(file, this.l10n.t('It cannot be parsed: {0}', detail));
      return undefined;
    }
  }

  #exclude(file: string, reason: string): void {
    this.#problems.push({ file, reason });
  }
}

/** Returns the paths that the rules ignore; `undefined` if they cannot be applied. */
function ignoredIn(
  { prefix, rules }: FolderRules,
  paths: readonly string[],
  runBounded: RunBounded,
): readonly string[] | undefined {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    try {
      return runBounded(() =>
        paths.filter((path) => path !== prefix && rules.ignores(path.slice(prefix.length))),
      );
    } catch {
      // The next attempt has less to compile.
    }
  }
  return undefined;
}
