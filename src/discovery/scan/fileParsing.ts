import type { Agent } from 'package-manager-detector';
import type { Translator } from '../../core/common.js';
import type { DiscoveryContext } from '../files/discoveryResult.js';
import type { FileParser, Findings, FolderFacts } from '../files/fileParser.js';
import { foundDefinitions } from './foundDefinitions.js';
import type { FindingLocation, FoundDefinitions } from '../files/foundDefinition.js';
import { unreadableFile } from '../parsers/shared/findings.js';
import { loadParser } from '../files/parserEntry.js';
import type { ParserSelection, WantedParser } from './parserSelection.js';
import type { WorkspaceFiles } from '../files/workspaceFiles.js';
import { maxFileBytes } from '../files/limits.js';
import { mergeConflictProblem } from '../files/mergeConflict.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Result of parsing one file. */
export interface ParsedFile {
  readonly found: readonly FoundDefinitions[];
  /** Folders and other files whose contents the parsers requested. */
  readonly dependencies: ReadonlySet<string>;
  /** Package manager that was assigned to a package. */
  readonly agent: Agent | undefined;
}

/**
 * Maximum number of calls of a parser for one file: it may request more folders and files once it knows the first ones.
 */
const maxRounds = 8;

/** Other files that the parsers of one file may read. */
const maxOtherFiles = 200;

const noNames: ReadonlySet<string> = new Set();

/** Folders and other files. */
interface Places {
  readonly folders: Set<string>;
  readonly files: Set<string>;
}

/**
 * What one parser has requested for one file. It sees only what it requested in earlier rounds, even if more is known
 * already: otherwise what it finds within its limits would depend on which files were parsed before.
 */
interface Requests {
  readonly seen: Places;
  readonly missing: Places;
}

const noPlaces = (): Places => ({ folders: new Set(), files: new Set() });

/** Runs all parsers for a file, and gets the folders and other files that they request. */
export class FileParsing {
  readonly #names = new Map<string, ReadonlySet<string>>();
  /** Texts of other files; `undefined` for one that is missing or cannot be read. */
  readonly #texts = new Map<string, string | undefined>();

  constructor(
    private readonly context: DiscoveryContext,
    private readonly files: WorkspaceFiles,
    private readonly selection: ParserSelection,
    private readonly facts: Pick<FolderFacts, 'system' | 'staticServer'>,
  ) {}

  /** Lists these folders again on the next request; without an argument, all folders. */
  forgetNames(folders?: ReadonlySet<string>): void {
    if (!folders) this.#names.clear();
    else for (const folder of folders) this.#names.delete(folder);
  }

  /** Reads other files again on the next request. */
  forgetTexts(): void {
    this.#texts.clear();
  }

  /** Parses a file. Findings that equal the `previous` ones stay the same objects. */
  async parse(
    path: string,
    content: { readonly text: string } | { readonly reason: string },
    agent: Agent | undefined,
    previous: ParsedFile | undefined,
  ): Promise<ParsedFile> {
    const dependencies = new Set<string>();
    const found: FoundDefinitions[] = [];
    for (const wanted of this.selection.wantedParsers(path)) {
      const location = { source: wanted.entry.source, file: path, folder: wanted.folder };
      const findings =
        'text' in content
          ? await this.#findings(wanted, { path, text: content.text }, dependencies)
          : unreadableFile(content.reason);
      found.push(this.#definitions(location, findings));
    }
    return { found: found.map((one) => unchanged(one, previous) ?? one), dependencies, agent };
  }

  /**
   * Returns the findings of one parser. A parser never throws, but its code may fail to load, which must not affect
   * other files.
   */
  async #findings(
    { entry }: WantedParser,
    file: { readonly path: string; readonly text: string },
    dependencies: Set<string>,
  ): Promise<Findings> {
    try {
      const parser = await loadParser(entry);
      const seen = noPlaces();
      for (let round = 1; ; round += 1) {
        const missing = noPlaces();
        const findings = this.#parseOnce(parser, file, dependencies, { seen, missing });
        const isDone = missing.folders.size === 0 && missing.files.size === 0;
        if (isDone || round === maxRounds) return usable(findings, file, this.context.l10n);
        await this.#get(missing);
        for (const folder of missing.folders) seen.folders.add(folder);
        for (const path of missing.files) seen.files.add(path);
      }
    } catch (error) {
      return unreadableFile(this.#reason(error));
    }
  }

  #definitions(location: FindingLocation, findings: Findings): FoundDefinitions {
    const toDefinitions = (all: Findings): FoundDefinitions =>
      foundDefinitions(location, all, this.context, this.facts.system);
    try {
      return toDefinitions(findings);
    } catch (error) {
      return toDefinitions(unreadableFile(this.#reason(error)));
    }
  }

  #reason(error: unknown): string {
    const detail = errorMessage(error);
    return this.context.l10n.t('It cannot be parsed: {0}', detail);
  }

  #parseOnce(
    parser: FileParser,
    file: { readonly path: string; readonly text: string },
    dependencies: Set<string>,
    { seen, missing }: Requests,
  ): Findings {
    const names = (folder: string): ReadonlySet<string> => {
      dependencies.add(folder);
      const known = seen.folders.has(folder) ? this.#names.get(folder) : undefined;
      if (!known) missing.folders.add(folder);
      return known ?? noNames;
    };
    const text = (path: string): string | undefined => {
      if (path === file.path) return file.text;
      if (!dependencies.has(path) && dependencies.size >= maxOtherFiles) return undefined;
      dependencies.add(path);
      const isKnown = seen.files.has(path) && this.#texts.has(path);
      if (!isKnown) missing.files.add(path);
      return isKnown ? this.#texts.get(path) : undefined;
    };
    const { folder, l10n } = this.context;
    return parser.parse(file, { ...this.facts, names, text, folderName: folder.name, l10n });
  }

  /** Lists folders and reads files, unless they are known already. */
  async #get({ folders, files }: Places): Promise<void> {
    await Promise.all([
      this.#listFolders([...folders].filter((folder) => !this.#names.has(folder))),
      this.#readFiles([...files].filter((path) => !this.#texts.has(path))),
    ]);
  }

  /** Reads other files; one that cannot be read counts as missing. */
  async #readFiles(paths: readonly string[]): Promise<void> {
    await Promise.all(
      paths.map(async (path) => {
        const content = await this.files.read(path, maxFileBytes).catch(() => undefined);
        this.#texts.set(path, content?.kind === 'text' ? content.text.replace(/^\uFEFF/u, '') : undefined);
      }),
    );
  }

  /** Lists folders; one that is missing or unreadable counts as empty. */
  async #listFolders(folders: readonly string[]): Promise<void> {
    await Promise.all(
      folders.map(async (folder) => {
        this.#names.set(folder, await this.files.names(folder).catch(() => noNames));
      }),
    );
  }
}

/** Placeholders of templates. Braces between quotation marks are values. */
const placeholder = /(?<!["'\w])\{%-?\s*\w|\{\{\s*[\w-]+(?:\.[\w-]+)*\s*\}\}/u;

/**
 * Omits the problems of a template, which is not a valid file of its kind until it is filled in. A merge conflict is the
 * cause of all others.
 */
function usable(findings: Findings, { text }: { readonly text: string }, l10n: Translator): Findings {
  if (findings.problems.length === 0) return findings;
  if (placeholder.test(text)) return { ...findings, problems: [] };
  const conflict = mergeConflictProblem(text, l10n);
  return conflict === undefined ? findings : { ...findings, problems: [conflict] };
}

function unchanged(found: FoundDefinitions, previous: ParsedFile | undefined): FoundDefinitions | undefined {
  const previousFound = previous?.found.find(({ source }) => source === found.source);
  return previousFound && JSON.stringify(previousFound) === JSON.stringify(found) ? previousFound : undefined;
}
