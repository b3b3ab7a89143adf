import type { Agent } from 'package-manager-detector';
import type { DiscoveryContext } from '../files/discoveryResult.js';
import type { FileParser, Findings, FolderFacts } from '../files/fileParser.js';
import { foundDefinitions, type FindingLocation, type FoundDefinitions } from './foundDefinitions.js';
import { unreadableFile } from '../parsers/findings.js';
import { loadParser } from '../files/parserEntry.js';
import type { ParserSelection, WantedParser } from './parserSelection.js';
import type { WorkspaceFiles } from '../files/workspaceFiles.js';

/** Result of parsing one file. */
export interface ParsedFile {
  readonly found: readonly FoundDefinitions[];
  /** Folders whose contents the parsers requested. */
  readonly listedFolders: ReadonlySet<string>;
  /** Package manager that was assigned to a package. */
  readonly agent: Agent | undefined;
}

/** A parser may request more folders once it knows the contents of the first ones. */
const maxRounds = 4;

const noNames: ReadonlySet<string> = new Set();

/** Runs all parsers that want a file, and lists the folders that they request. */
export class FileParsing {
  readonly #names = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly context: DiscoveryContext,
    private readonly files: WorkspaceFiles,
    private readonly selection: ParserSelection,
    private readonly facts: Omit<FolderFacts, 'names' | 'l10n'>,
  ) {}

  /** Lists these folders, or all, again when they are next requested. */
  forgetNames(folders?: ReadonlySet<string>): void {
    if (!folders) this.#names.clear();
    else for (const folder of folders) this.#names.delete(folder);
  }

  /** Parses a file. Findings that equal the `previous` ones stay the same objects. */
  async parse(
    path: string,
    content: { readonly text: string } | { readonly reason: string },
    agent: Agent | undefined,
    previous: ParsedFile | undefined,
  ): Promise<ParsedFile> {
    const listedFolders = new Set<string>();
    const found: FoundDefinitions[] = [];
    for (const wanted of this.selection.wantedParsers(path)) {
      const location = { source: wanted.entry.source, file: path, folder: wanted.folder };
      const findings =
        'text' in content
          ? await this.#findings(wanted, { path, text: content.text }, listedFolders)
          : unreadableFile(content.reason);
      found.push(this.#definitions(location, findings));
    }
    return { found: found.map((one) => unchanged(one, previous) ?? one), listedFolders, agent };
  }

  /**
   * Returns the findings of one parser. A parser never throws, but its code may fail to load, which must not affect
   * other files.
   */
  async #findings(
    { entry }: WantedParser,
    file: { readonly path: string; readonly text: string },
    listedFolders: Set<string>,
  ): Promise<Findings> {
    try {
      const parser = await loadParser(entry);
      for (let round = 1; ; round += 1) {
        const missing = new Set<string>();
        const findings = this.#parseOnce(parser, file, listedFolders, missing);
        if (missing.size === 0 || round === maxRounds) return findings;
        await this.#listFolders(missing);
      }
    } catch (error) {
      return unreadableFile(this.#reason(error));
    }
  }

  #definitions(location: FindingLocation, findings: Findings): FoundDefinitions {
    try {
      return foundDefinitions(location, findings, this.context);
    } catch (error) {
      return foundDefinitions(location, unreadableFile(this.#reason(error)), this.context);
    }
  }

  #reason(error: unknown): string {
    const detail = error instanceof Error ? error.message : String(error);
    return this.context.l10n.t('It cannot be understood: {0}', detail);
  }

  #parseOnce(
    parser: FileParser,
    file: { readonly path: string; readonly text: string },
    listedFolders: Set<string>,
    missing: Set<string>,
  ): Findings {
    const names = (folder: string): ReadonlySet<string> => {
      listedFolders.add(folder);
      const known = this.#names.get(folder);
      if (!known) missing.add(folder);
      return known ?? noNames;
    };
    return parser.parse(file, { ...this.facts, names, l10n: this.context.l10n });
  }

  /** Lists folders; one that is missing or unreadable counts as empty. */
  async #listFolders(folders: ReadonlySet<string>): Promise<void> {
    await Promise.all(
      [...folders].map(async (folder) => {
        this.#names.set(folder, await this.files.names(folder).catch(() => noNames));
      }),
    );
  }
}

function unchanged(found: FoundDefinitions, previous: ParsedFile | undefined): FoundDefinitions | undefined {
  const previousFound = previous?.found.find(({ source }) => source === found.source);
  return previousFound && JSON.stringify(previousFound) === JSON.stringify(found) ? previousFound : undefined;
}
