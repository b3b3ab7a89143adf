import type { Agent } from 'package-manager-detector';
import type { DiscoveryContext } from '../files/discovery.js';
import type { FileParser, Findings, FolderFacts } from '../files/fileParser.js';
import { foundDefinitions, type FoundDefinitions } from './foundDefinitions.js';
import { loadParser } from '../files/parserEntry.js';
import type { ParserSelection, WantedParser } from './parserSelection.js';
import type { WorkspaceFiles } from '../files/workspaceFiles.js';

/** What was made of one file. */
export interface ParsedFile {
  readonly found: readonly FoundDefinitions[];
  /** Folders whose content was asked for. */
  readonly listedFolders: ReadonlySet<string>;
  /** The package manager that a package was given. */
  readonly agent: Agent | undefined;
}

/** A parser may ask for the content of further folders when it knows that of the first ones. */
const maxRounds = 4;

const noNames: ReadonlySet<string> = new Set();

/** Has files parsed by all parsers that want them, and looks into the folders that these ask for. */
export class FileParsing {
  readonly #names = new Map<string, ReadonlySet<string>>();

  constructor(
    private readonly context: DiscoveryContext,
    private readonly files: WorkspaceFiles,
    private readonly selection: ParserSelection,
    private readonly facts: Omit<FolderFacts, 'names' | 'l10n'>,
  ) {}

  /** Looks into these folders again when they are asked for, or into all. */
  forgetNames(folders?: ReadonlySet<string>): void {
    if (!folders) this.#names.clear();
    else for (const folder of folders) this.#names.delete(folder);
  }

  /** What is as it was `before` stays the same object. */
  async parse(
    path: string,
    content: { readonly text: string } | { readonly reason: string },
    agent: Agent | undefined,
    previous: ParsedFile | undefined,
  ): Promise<ParsedFile> {
    const listedFolders = new Set<string>();
    const found: FoundDefinitions[] = [];
    for (const wanted of this.selection.wantedParsers(path)) {
      const findings =
        'text' in content
          ? await this.#findings(wanted, { path, text: content.text }, listedFolders)
          : { servers: [], problems: [content.reason] };
      const location = { source: wanted.entry.source, file: path, folder: wanted.folder };
      found.push(foundDefinitions(location, findings, this.context));
    }
    return { found: found.map((one) => unchanged(one, previous) ?? one), listedFolders, agent };
  }

  /** A parser never throws by its contract, but its code may be missing, and no other file must suffer from that. */
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
      const detail = error instanceof Error ? error.message : String(error);
      return { servers: [], problems: [this.context.l10n.t('It cannot be understood: {0}', detail)] };
    }
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

  /** A folder that is not there or cannot be listed has nothing in it. */
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
