import type { DiscoverySource, PackageScript, ServerCommand } from '../../core/server/definition.js';
import type { Translator } from '../../core/common.js';

/** A server that a file tells of, before it has an id and absolute paths. */
export interface FoundServer {
  /** Tells it apart from the other servers of its file and source; what the user calls it. */
  readonly name: string;
  readonly command: ServerCommand;
  /** Folder the command runs in, relative to the workspace folder; the folder of the file when missing. */
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The port it is known to listen on, when the file says so. */
  readonly port?: number;
  readonly script?: PackageScript;
}

/** What one file yielded. */
export interface Findings {
  readonly servers: readonly FoundServer[];
  /** What was left out, a sentence each, in the user's language. */
  readonly problems: readonly string[];
}

/** A file of a workspace folder; the path is relative to that folder and written with `/`. */
export interface FoundFile {
  readonly path: string;
  readonly text: string;
}

/** What a parser may know besides its file. */
export interface FolderFacts {
  /**
   * Names of the files and folders right inside a folder. They are empty until it has been looked into, for which the parser
   * is called again, a few times at most: what may matter is best asked for at once.
   */
  names(folder: string): ReadonlySet<string>;
  readonly isWindows: boolean;
  /** What serves the files of the folder it runs in, with nothing but the editor; missing where that is not offered. */
  readonly staticServer?: Pick<FoundServer, 'env'> & { readonly command: ServerCommand };
  readonly l10n: Translator;
}

/** Finds the servers that one kind of file tells of. Pure, and never throws: what cannot be understood is a problem. */
export interface FileParser {
  readonly source: DiscoverySource;
  /** Names of its files, as globs for the last part of a path, e.g. `Procfile.*`, or with folders, e.g. `.vscode/tasks.json`. */
  readonly patterns: readonly string[];
  parse(file: FoundFile, facts: FolderFacts): Findings;
}
