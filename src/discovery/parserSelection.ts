import type { Translator } from '../core/ports.js';
import type { DiscoveryProblem } from './discovery.js';
import { FilePatterns } from './filePatterns.js';
import { maxFilesPerSource, maxPackages } from './limits.js';
import type { ParserEntry } from './parserEntry.js';
import { byDepth } from './relativePath.js';

/** A parser that wants a file, and the folder that the file belongs to. */
export interface WantedParser {
  readonly entry: ParserEntry;
  readonly folder: string;
}

/** Knows which parser wants which file. */
export class ParserSelection {
  readonly #parsers: readonly { readonly entry: ParserEntry; readonly patterns: FilePatterns }[];

  constructor(private readonly entries: readonly ParserEntry[]) {
    this.#parsers = entries.map((entry) => ({ entry, patterns: new FilePatterns(entry.patterns) }));
  }

  get patterns(): readonly string[] {
    return [...new Set(this.entries.flatMap(({ patterns }) => patterns))];
  }

  /** Paths that patterns name below the folders that have these names, e.g. `.vscode/tasks.json`. */
  pathsBelow(names: ReadonlySet<string>): string[] {
    return this.patterns.filter((path) => !/[*{]/u.test(path) && names.has(path.split('/')[0] ?? ''));
  }

  parsersOf(path: string): WantedParser[] {
    return this.#parsers.flatMap(({ entry, patterns }) => {
      const folder = patterns.baseOf(path);
      return folder === undefined ? [] : { entry, folder };
    });
  }

  /** Of each source the files nearest to the workspace folder, when there are too many; that is told of packages. */
  select(
    paths: readonly string[],
    l10n: Translator,
    file: string,
  ): { kept: Set<string>; problems: DiscoveryProblem[] } {
    const kept = new Set<string>();
    const problems: DiscoveryProblem[] = [];
    for (const { entry, patterns } of this.#parsers) {
      const wanted = paths.filter((path) => patterns.baseOf(path) !== undefined);
      const most = entry.source === 'scripts' ? maxPackages : maxFilesPerSource;
      for (const path of wanted.toSorted(byDepth).slice(0, most)) kept.add(path);
      if (wanted.length <= most) continue;
      const reason = l10n.t(
        'It has {0} files of the kind "{1}"; {2} are read.',
        wanted.length,
        entry.source,
        most,
      );
      problems.push({ file, reason });
    }
    return { kept, problems };
  }
}
