import ignore, { type Ignore } from 'ignore';
import type { DiscoveryContext, DiscoveryProblem } from '../files/discoveryResult.js';
import {
  maxGitIgnoreBytes,
  maxGitIgnoreMs,
  maxGitIgnoreRuleLength,
  maxGitIgnoreRules,
  maxGitIgnores,
  maxReads,
} from '../files/limits.js';
import { baseName, folderOf, sortedByDepth } from '../files/relativePath.js';
import {
  readContent,
  unreadableReason,
  type EventLoopTurns,
  type WorkspaceFiles,
} from '../files/workspaceFiles.js';
import { errorMessage } from '../../core/errorMessage.js';

export const gitIgnoreName = '.gitignore';

/** Runs work that may take exponential time. Throws if it takes too long. The work may be repeated. */
export type RunBounded = <Result>(work: () => Result) => Result;

export interface GitIgnoresDeps {
  readonly files: Pick<WorkspaceFiles, 'read'>;
  readonly turns: EventLoopTurns;
  readonly runBounded: RunBounded;
}

interface FolderRules {
  /** Prefix of the paths in the folder. */
  readonly prefix: string;
  readonly rules: Ignore;
}

/** Number of paths that are matched against the rules of one file at a time. */
const batchSize = 50;

/** Attempts for a batch. The first one also compiles the rules, and the next ones reuse what it has compiled. */
const maxAttempts = 3;

/**
 * Applies the `.gitignore` files of a workspace folder. If the rules of a file cannot be applied, this is a problem, and
 * the others are applied. A thousand files may have a million rules, so a few files are read at a time, and other events
 * get their turn after each.
 */
export class GitIgnores {
  readonly #problems: DiscoveryProblem[] = [];
  readonly #ignored = new Set<string>();
  /** Time that parsing and matching have taken. */
  #workMs = 0;

  constructor(
    private readonly context: Pick<DiscoveryContext, 'folder' | 'l10n'>,
    private readonly deps: GitIgnoresDeps,
  ) {}

  get problems(): readonly DiscoveryProblem[] {
    return this.#problems;
  }

  /**
   * Resolves with the paths that git ignores, except for settings of the editor and of agents: they apply although git
   * often ignores them.
   */
  async ignored(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const { l10n, folder } = this.context;
    const all = sortedByDepth(paths.filter((path) => baseName(path) === gitIgnoreName));
    const candidates = paths.filter((path) => !/(?:^|\/)\.(?:vscode|claude)\//u.test(path));
    for (let start = 0; start < Math.min(all.length, maxGitIgnores); start += maxReads) {
      const batch = all.slice(start, Math.min(start + maxReads, maxGitIgnores));
      const read = batch.map((path) => readContent(this.deps.files, path, maxGitIgnoreBytes));
      for (const [index, content] of (await Promise.all(read)).entries()) {
        const file = batch[index] ?? '';
        if (content.kind === 'text') await this.#apply(file, content.text, candidates);
        else if (content.kind !== 'absent')
          this.#exclude(file, unreadableReason(content, maxGitIgnoreBytes, l10n));
      }
    }
    if (all.length > maxGitIgnores) {
      const reason = l10n.t(
        'It contains {0} files named {1}; only {2} are applied.',
        all.length,
        gitIgnoreName,
        maxGitIgnores,
      );
      this.#exclude(folder.name, reason);
    }
    return this.#ignored;
  }

  async #apply(file: string, text: string, candidates: readonly string[]): Promise<void> {
    const rules = this.#workMs < maxGitIgnoreMs ? this.#timed(() => this.#parse(file, text)) : 'late';
    await this.deps.turns.next();
    if (rules === undefined) return;
    if (rules === 'late' || !(await this.#match(rules, candidates)))
      this.#exclude(file, this.context.l10n.t('Its rules take too long to evaluate and are not applied.'));
  }

  /** Resolves with whether the rules were applied to all paths. */
  async #match(rules: FolderRules, candidates: readonly string[]): Promise<boolean> {
    const inside = candidates.filter((path) => path.startsWith(rules.prefix) && !this.#ignored.has(path));
    for (let start = 0; start < inside.length; start += batchSize) {
      if (this.#workMs >= maxGitIgnoreMs) return false;
      const batch = inside.slice(start, start + batchSize);
      const found = this.#timed(() => ignoredIn(rules, batch, this.deps.runBounded));
      await this.deps.turns.next();
      if (!found) return false;
      for (const path of found) this.#ignored.add(path);
    }
    return true;
  }

  #timed<Result>(work: () => Result): Result {
    const start = this.deps.turns.now();
    try {
      return work();
    } finally {
      this.#workMs += this.deps.turns.now() - start;
    }
  }

  #parse(file: string, text: string): FolderRules | undefined {
    const { l10n } = this.context;
    const lines = text.split(/\r\n|\n|\r/u).filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const usable = lines.filter(({ length }) => length <= maxGitIgnoreRuleLength).slice(0, maxGitIgnoreRules);
    if (usable.length < lines.length) {
      const reason = l10n.t('It has {0} rules; only {1} are applied.', lines.length, usable.length);
      this.#exclude(file, reason);
    }
    try {
      const folder = folderOf(file);
      return { prefix: folder === '' ? '' : `${folder}/`, rules: ignore().add(usable) };
    } catch (error) {
      const detail = errorMessage(error);
      this.#exclude(file, l10n.t('It cannot be parsed: {0}', detail));
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
