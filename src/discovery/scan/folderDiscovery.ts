import { discoverySources, type DiscoverySource } from '../../core/server/definition.js';
import type { Discovery, DiscoveryContext, DiscoveryProblem } from '../files/discoveryResult.js';
import { areSame } from '../../core/areSame.js';
import { capped } from '../files/capped.js';
import { isNeverSearched } from './exclusions.js';
import type { FolderFacts } from '../files/fileParser.js';
import { FileParsing } from './fileParsing.js';
import { FileReader } from './fileReader.js';
import type { FoundDefinition, FoundDefinitions } from '../files/foundDefinition.js';
import { PortLabels } from '../listing/portLabels.js';
import { ServerListing } from '../listing/serverListing.js';
import { expandBraces } from './filePatterns.js';
import { GitIgnores, gitIgnoreName, type RunBounded } from './gitIgnores.js';
import { maxProblems } from '../files/limits.js';
import { lockFileNames, PackageManagers } from '../scripts/packageManager.js';
import type { ParserEntry } from '../files/parserEntry.js';
import { ParserSelection } from './parserSelection.js';
import { scriptsParser } from '../parsers/javascript/scripts.js';
import { filterInSlices, Slices } from './timeSlices.js';
import { trackedFiles } from './trackedFiles.js';
import type { EventLoopTurns, WorkspaceFiles } from '../files/workspaceFiles.js';
import { baseName, compareText } from '../files/relativePath.js';

export interface FolderDiscoveryDeps {
  readonly files: WorkspaceFiles;
  readonly turns: EventLoopTurns;
  /** Parsers of all sources except scripts. */
  readonly parsers: readonly ParserEntry[];
  readonly isEnabled: (source: DiscoverySource) => boolean;
  /** Facts about the machine for the parsers. */
  readonly machine: Pick<FolderFacts, 'system' | 'staticServer'>;
  /** Whether files ignored by git are left out. */
  readonly usesGitIgnores: boolean;
  readonly runBounded: RunBounded;
}

const lockNames: ReadonlySet<string> = new Set(lockFileNames);
const sourceOrder = new Map<DiscoverySource, number>(
  discoverySources.map((source, index) => [source, index]),
);

/**
 * The servers found in one workspace folder, updated file by file. Unchanged definitions stay the same objects. Calls
 * must not overlap.
 */
export class FolderDiscovery {
  readonly #managers = new PackageManagers();
  readonly #listing = new ServerListing();
  readonly #labels = new PortLabels();
  readonly #selection: ParserSelection;
  readonly #parsing: FileParsing;
  readonly #reader: FileReader;
  #paths: ReadonlySet<string> = new Set();
  #problems: readonly DiscoveryProblem[] = [];
  #last: { readonly found: readonly unknown[]; readonly discovery: Discovery } | undefined;
  #isComplete = false;

  constructor(
    private readonly context: DiscoveryContext,
    private readonly deps: FolderDiscoveryDeps,
  ) {
    const { files, turns, parsers, isEnabled, machine } = deps;
    const all = [scriptsParser(this.#managers), ...parsers];
    this.#selection = new ParserSelection(all.filter(({ source }) => isEnabled(source)));
    this.#parsing = new FileParsing(context, files, this.#selection, machine);
    this.#reader = new FileReader(context, files, turns, this.#parsing, this.#managers);
  }

  /**
   * Updates the changed files, or scans all files. Calls `onStep` after each part of the first scan. Rejects only if
   * the search itself fails; earlier results are kept.
   */
  async update(changes?: ReadonlySet<string>, onStep: () => void = () => undefined): Promise<void> {
    const isFirst = !this.#isComplete;
    this.#parsing.forgetTexts();
    if (changes && !isFirst && this.#areKnown(changes)) {
      const affected = new Set([...changes, ...this.#reader.dependents(changes)]);
      await this.#reader.read([...affected].filter(isNotLockFile), onStep);
      return;
    }
    const names = await this.deps.files.names('').catch(() => new Set<string>());
    if (isFirst) await this.#readRoot(names, onStep);
    await this.#search(names, changes, isFirst ? onStep : () => undefined);
    this.#isComplete = true;
  }

  /** Returns whether a folder contains relevant files. */
  hasFilesIn(folder: string): boolean {
    return [...this.#paths].some((path) => path.startsWith(`${folder}/`));
  }

  /** Everything found so far, by folder and then by source. Stays the same object until the result changes. */
  get discovery(): Discovery {
    const found = [this.#problems, ...this.#reader.found];
    if (this.#last && areSame(this.#last.found, found)) return this.#last.discovery;
    const discovery = this.#discovery(this.#reader.found.toSorted(compareFound));
    this.#last = { found, discovery };
    return discovery;
  }

  /** Reads the files directly in the workspace folder, long before the search ends. */
  async #readRoot(names: ReadonlySet<string>, onStep: () => void): Promise<void> {
    const paths = [...names, ...this.#selection.pathsBelow(names)];
    const slices = new Slices(this.deps.turns);
    const { kept } = await this.#selection.select(paths, slices, this.context.l10n, { file: '' });
    this.#managers.setLockFiles([...names].filter((name) => lockNames.has(name)));
    if (kept.size === 0) return;
    await this.#reader.read([...kept], () => undefined);
    onStep();
  }

  #discovery(all: readonly FoundDefinitions[]): Discovery {
    const packages = all.filter(({ source }) => source === 'scripts').map(({ folder: path }) => path);
    const { distinct, repeated } = distinctServers(all.flatMap((file) => file.servers));
    const { l10n, folder } = this.context;
    const problems = [
      ...this.#problems,
      ...distinctProblems(all.flatMap((each) => each.problems)),
      ...repeated.map(({ definition: { id, file = '' } }) => ({
        file,
        reason: l10n.t('Another server already uses the name "{0}".', id),
      })),
    ];
    const more = (excess: number): DiscoveryProblem => {
      return { file: folder.name, reason: l10n.t('There are {0} more problems.', excess) };
    };
    const { definitions, unlisted } = this.#listing.list(distinct, packages, this.context.paths);
    return {
      definitions: this.#labels.apply(definitions, all),
      unlisted,
      problems: capped(problems, maxProblems, more),
    };
  }

  async #search(
    names: ReadonlySet<string>,
    changes: ReadonlySet<string> | undefined,
    onStep: () => void,
  ): Promise<void> {
    const { files, turns, usesGitIgnores } = this.deps;
    const all = await files.search(searchPatterns(this.#selection.patterns));
    const slices = new Slices(turns);
    const searched = await filterInSlices(all, slices, (path) => !isNeverSearched(path));
    const ignores = new GitIgnores(this.context, this.deps);
    const ignored = usesGitIgnores ? await ignores.ignored(searched) : new Set<string>();
    const isWanted = (path: string): boolean => this.#selection.wantedParsers(path).length > 0;
    // Git keeps tracking files that were added before a rule, or in spite of it.
    const wanted = [...ignored].filter(isWanted);
    const tracked = wanted.length === 0 ? new Set() : await trackedFiles(wanted, files, this.context);
    const found = searched.filter((path) => !ignored.has(path) || tracked.has(path));
    const { l10n, folder } = this.context;
    const present = [...all, ...names];
    const { kept, problems } = await this.#selection.select(found, slices, l10n, {
      file: folder.name,
      present,
    });
    const before = this.#paths;
    // Users may exclude lock files from searches; those in the workspace folder are found anyway.
    const locks = present.filter((path) => lockNames.has(baseName(path)));
    this.#managers.setLockFiles(locks);
    this.#paths = new Set([...kept, ...locks]);
    this.#problems = [...problems, ...ignores.problems];
    this.#reader.keepOnly(kept);
    this.#parsing.forgetNames();
    const dependents = new Set(this.#reader.dependents());
    const isStale = (path: string): boolean =>
      !changes || !before.has(path) || changes.has(path) || dependents.has(path);
    await this.#reader.read([...kept].filter(isStale), onStep);
  }

  /** Returns whether all these files are known already, so that no search is needed. */
  #areKnown(paths: ReadonlySet<string>): boolean {
    return [...paths].every((path) => this.#paths.has(path) && isNotLockFile(path));
  }
}

/** Returns globs for the ends of the paths of all relevant files, for a search or a watcher. */
export function searchPatterns(patterns: readonly string[]): string[] {
  return [...patterns.flatMap(expandBraces), ...lockNames, gitIgnoreName];
}

/** Returns whether a file must be read: for a lock file, only its existence matters. */
function isNotLockFile(path: string): boolean {
  return !lockNames.has(baseName(path));
}

function compareFound(one: FoundDefinitions, other: FoundDefinitions): number {
  return (
    compareText(one.folder, other.folder) ||
    (sourceOrder.get(one.source) ?? 0) - (sourceOrder.get(other.source) ?? 0) ||
    compareText(one.file, other.file)
  );
}

/** Separates servers whose id an earlier server already has. */
function distinctServers(
  servers: readonly FoundDefinition[],
): Record<'distinct' | 'repeated', FoundDefinition[]> {
  const ids = new Set<string>();
  const distinct: FoundDefinition[] = [];
  const repeated: FoundDefinition[] = [];
  for (const server of servers) {
    const { id } = server.definition;
    (ids.has(id) ? repeated : distinct).push(server);
    ids.add(id);
  }
  return { distinct, repeated };
}

/** Removes duplicate problems: two parsers may find the same one in a file. */
function distinctProblems(problems: readonly DiscoveryProblem[]): DiscoveryProblem[] {
  return [...new Map(problems.map((problem) => [`${problem.file}\n${problem.reason}`, problem])).values()];
}
