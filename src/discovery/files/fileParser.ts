import type { DiscoverySource, PackageScript, ServerCommand } from '../../core/server/definition.js';
import type { Translator } from '../../core/common.js';
import type { SystemName } from './systemName.js';

/** A server found in a file, before it has an id and absolute paths. */
export interface FoundServer {
  /** Name that the user sees; unique among the servers of its file and source. */
  readonly name: string;
  readonly command: ServerCommand;
  /** Working folder relative to the workspace folder; the folder of the file when missing. */
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Port on which it listens, if the file states one. */
  readonly port?: number;
  readonly script?: PackageScript;
  /** Folder of its project, if it differs from the folder of the file. */
  readonly folder?: string;
  /** File that defines it, if it differs from the parsed file. */
  readonly file?: string;
  /** How its file writes it, if not by its name. */
  readonly textInFile?: string;
  readonly traits?: ServerTraits;
}

/** Purpose of a server, according to its name, its file and its folder. */
export type Purpose =
  | 'development'
  | 'documentation'
  | 'preview'
  | 'example'
  | 'production'
  | 'otherSystem'
  | 'test';

/** Facts about a found server that decide whether and where it is listed. */
export interface ServerTraits {
  /** Its purpose; derived from the names of the server, its file and its folder if missing. */
  readonly purpose?: Purpose;
  /** Shell line that it runs, if its command only refers to that line, as `make dev` does. */
  readonly runs?: string;
  /**
   * Source files that start the same server, relative to its working folder. Set if its command names a module instead.
   */
  readonly entries?: readonly string[];
  /**
   * Names under which other programs can run the same application: modules of Python, as in `uvicorn shop.asgi`, or
   * `config.ru`.
   */
  readonly apps?: readonly string[];
  /** Folder of the package whose only program it runs from another folder, relative to its working folder. */
  readonly packageFolder?: string;
  /** Name of the package that contains its script. */
  readonly packageName?: string;
  /** The script that it runs in all packages, if only one has it, with the folder relative to its working folder. */
  readonly onlyScript?: { readonly script: string; readonly folder: string } | undefined;
  /** Whether it counts as a server only if another source knows the program that it runs. */
  readonly isGuess?: boolean;
  /** Name of a server of the same file that starts this one together with others. */
  readonly partOf?: string;
  /** Folder of the project that it builds and runs in a container. */
  readonly builds?: string;
  /** Whether it runs what the project has released instead of its sources. */
  readonly isReleased?: boolean;
  /** Whether it runs only databases and similar programs, which servers of the project need. */
  readonly isSupport?: boolean;
  /** Word that distinguishes it from servers of the same name, such as `sqlite`. */
  readonly variant?: string;
}

/** Result of parsing one file. */
export interface Findings {
  readonly servers: readonly FoundServer[];
  /** Sentences about the parts that were left out, in the user's language. */
  readonly problems: readonly string[];
  /** Labels of ports, by port. They apply to servers of this folder and of those below it. */
  readonly portLabels?: Readonly<Record<string, string>>;
}

/** A file of a workspace folder; its path is relative to that folder and uses `/`. */
export interface FoundFile {
  readonly path: string;
  readonly text: string;
}

/** Facts about the workspace that a parser may use besides its file. */
export interface FolderFacts {
  /**
   * Names of the files and folders directly inside a folder. Empty until the folder has been listed; then the parser is
   * called again. This happens only a few times, so request all folders that may matter at once.
   */
  names(folder: string): ReadonlySet<string>;
  /**
   * Text of another file. `undefined` until the file has been read; then the parser is called again. It stays
   * `undefined` if the file is missing or too large.
   */
  text(path: string): string | undefined;
  /** Name of the workspace folder. In a clone it is usually that of the project. */
  readonly folderName: string;
  /** The operating system of the machine. */
  readonly system: SystemName;
  /**
   * Command that serves the files of its working folder and needs only the editor; missing if no such server is
   * available.
   */
  readonly staticServer?: Pick<FoundServer, 'env'> & { readonly command: ServerCommand };
  readonly l10n: Translator;
}

/** Finds the servers in one kind of file. Pure, and never throws: invalid parts become problems. */
export interface FileParser {
  readonly source: DiscoverySource;
  /**
   * Globs for the names of its files, e.g. `Procfile.*`, or for the last parts of their paths, e.g.
   * `.vscode/tasks.json`.
   */
  readonly patterns: readonly string[];
  /**
   * Set if the names of its files are too general. A file is then read only if its folder, or one above, contains a
   * file with one of these names.
   */
  readonly beside?: readonly string[];
  /**
   * Maximum number of its files that are read, those nearest to the workspace folder first. Set if there may be many,
   * most of them irrelevant.
   */
  readonly nearest?: number;
  parse(file: FoundFile, facts: FolderFacts): Findings;
}
