import type { DiscoverySource } from '../../core/server/definition.js';
import type { DiscoveryProblem } from '../files/discoveryResult.js';
import { FilePatterns } from './filePatterns.js';
import { maxFilesPerSource, maxPackages } from '../files/limits.js';
import type { ParserEntry } from '../files/parserEntry.js';
import { ancestorFolders, baseName, folderOf, sortedByDepth } from '../files/relativePath.js';
import type { Slices } from './timeSlices.js';
import type { Translator } from '../../core/common.js';

/** A parser that wants a file, and the folder to which the file belongs. */
export interface WantedParser {
  readonly entry: ParserEntry;
  readonly folder: string;
}

interface IndexedParser {
  readonly entry: ParserEntry;
  readonly patterns: FilePatterns;
}

/** Selects the parsers for each file. */
export class ParserSelection {
  /** Parsers by file name, since there are many files and many parsers. Parsers with wildcards check every file. */
  readonly #byName = new Map<string, IndexedParser[]>();
  readonly #starred: IndexedParser[] = [];

  constructor(private readonly entries: readonly ParserEntry[]) {
    for (const entry of entries) {
      const parser = { entry, patterns: new FilePatterns(entry.patterns) };
      if (parser.patterns.hasStars) this.#starred.push(parser);
      else
        for (const name of parser.patterns.names)
          this.#byName.set(name, [...(this.#byName.get(name) ?? []), parser]);
    }
  }

  get patterns(): readonly string[] {
    return [...new Set(this.entries.flatMap(({ patterns, beside = [] }) => [...patterns, ...beside]))];
  }

  /** Returns the paths in folders with these names that are patterns themselves, e.g. `.vscode/tasks.json`. */
  pathsBelow(names: ReadonlySet<string>): string[] {
    return this.patterns.filter((path) => !/[*{]/u.test(path) && names.has(path.split('/')[0] ?? ''));
  }

  wantedParsers(path: string): WantedParser[] {
    const candidates = [...(this.#byName.get(baseName(path)) ?? []), ...this.#starred];
    return candidates.flatMap(({ entry, patterns }) => {
      const folder = patterns.baseFolder(path);
      return folder === undefined ? [] : { entry, folder };
    });
  }

  /**
   * Selects for each source the files nearest to the workspace folder, and reports how many are left out. `paths` or
   * `present` may contain the files that a parser requires with `beside`.
   */
  async select(
    paths: readonly string[],
    slices: Slices,
    l10n: Translator,
    { file, present = [] }: { readonly file: string; readonly present?: readonly string[] },
  ): Promise<{ kept: Set<string>; problems: DiscoveryProblem[] }> {
    const kept = new Set<string>();
    const counts = new Map<DiscoverySource, number>();
    const ofEntry = new Map<ParserEntry, number>();
    const isBeside = this.#neighbours([...paths, ...present]);
    for (const path of sortedByDepth(paths)) {
      for (const { entry } of this.wantedParsers(path)) {
        if (!isBeside(entry, path)) continue;
        const number = increased(ofEntry, entry);
        if (number > (entry.nearest ?? Infinity)) continue;
        const count = increased(counts, entry.source);
        if (count <= maxFilesOf(entry.source)) kept.add(path);
      }
      if (slices.isDue) await slices.pause();
    }
    const excess = [...counts].filter(([source, count]) => count > maxFilesOf(source));
    const problems = excess.map(([source, count]) => ({
      file,
      reason: l10n.t(
        'It contains {0} files of the kind "{1}"; only {2} are read.',
        count,
        source,
        maxFilesOf(source),
      ),
    }));
    return { kept, problems };
  }

  /** Returns a function that tells whether a file is near one that its parser requires with `beside`. */
  #neighbours(paths: readonly string[]): (entry: ParserEntry, path: string) => boolean {
    const folders = new Map(
      this.entries.flatMap((entry) =>
        entry.beside === undefined ? [] : [[entry, foldersWith(entry.beside, paths)] as const],
      ),
    );
    return (entry, path) => {
      const allowed = folders.get(entry);
      if (allowed === undefined) return true;
      return allowed.size > 0 && ancestorFolders(folderOf(path)).some((folder) => allowed.has(folder));
    };
  }
}

/** Increases a count, and returns it. */
function increased<Key>(counts: Map<Key, number>, key: Key): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}

/** Returns the folders that have a file with one of these names. */
function foldersWith(names: readonly string[], paths: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(names);
  return new Set(paths.filter((path) => wanted.has(baseName(path))).map(folderOf));
}

function maxFilesOf(source: DiscoverySource): number {
  return source === 'scripts' ? maxPackages : maxFilesPerSource;
}
