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
}

/** Result of parsing one file. */
export interface Findings {
  readonly servers: readonly FoundServer[];
  /** Sentences about the parts that were left out, in the user's language. */
  readonly problems: readonly string[];
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
  parse(file: FoundFile, facts: FolderFacts): Findings;
}
