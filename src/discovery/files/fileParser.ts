import type { DiscoverySource, PackageScript, ServerCommand } from '../../core/server/definition.js';
import type { Translator } from '../../core/common.js';

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
  /** Folder of the project that it belongs to, if that is another one than the folder of the file. */
  readonly folder?: string;
  /** File that defines it, if that is another one than the parsed file. */
  readonly file?: string;
  readonly traits?: ServerTraits;
}

/** Purpose of a server, as its name, its file and its folder state it. */
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
  /** What it is for; its names decide when missing. */
  readonly purpose?: Purpose;
  /** Shell line that it runs, where its command only names it, as `make dev` does. */
  readonly runs?: string;
  /** Source files of which each starts it too, relative to its working folder, where its command names a module instead. */
  readonly entries?: readonly string[];
  /** Names by which other programs run the same application, as `uvicorn shop.asgi` does: modules of Python, `config.ru`. */
  readonly apps?: readonly string[];
  /** Name of the package whose script it is. */
  readonly packageName?: string;
  /** Whether it serves only if another source knows the server that it runs. */
  readonly isGuess?: boolean;
  /** Name of the server of the same file that starts it with others. */
  readonly partOf?: string;
  /** Folder of the project that it builds and runs in a container. */
  readonly builds?: string;
  /** Whether it runs what the project has released instead of its sources. */
  readonly isReleased?: boolean;
  /** Word that distinguishes it from servers of the same name, such as `sqlite`. */
  readonly variant?: string;
}

/** Result of parsing one file. */
export interface Findings {
  readonly servers: readonly FoundServer[];
  /** Sentences about the parts that were left out, in the user's language. */
  readonly problems: readonly string[];
  /** Labels of ports for the servers of its folder and those below, by port. */
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
   * Names of the files and folders directly inside a folder. Empty until the folder is listed, after which the parser
   * is called again, a few times at most: request all folders that may matter at once.
   */
  names(folder: string): ReadonlySet<string>;
  /**
   * Text of another file; `undefined` until it is read, after which the parser is called again, and for a file that is
   * missing or too large.
   */
  text(path: string): string | undefined;
  readonly isWindows: boolean;
  /**
   * Command that serves the files of its working folder with nothing but the editor; missing where that is not offered.
   */
  readonly staticServer?: Pick<FoundServer, 'env'> & { readonly command: ServerCommand };
  readonly l10n: Translator;
}

/** Finds the servers in one kind of file. Pure, and never throws: invalid parts are problems. */
export interface FileParser {
  readonly source: DiscoverySource;
  /**
   * Globs for the names of its files, e.g. `Procfile.*`, or for the last parts of their paths, e.g.
   * `.vscode/tasks.json`.
   */
  readonly patterns: readonly string[];
  /**
   * Names of files of which one has to be in the folder of a file or above it, where the names of its files say little:
   * the others are not read.
   */
  readonly beside?: readonly string[];
  /** Number of its files that are read, the nearest to the workspace folder, where others are many and say little. */
  readonly nearest?: number;
  parse(file: FoundFile, facts: FolderFacts): Findings;
}
