import type { WorkspaceFolder } from 'vscode';
import type { ServerDefinition } from '../../core/server/definition.js';

/** Servers of a folder, and localized descriptions of the files that could not be read. */
export interface FoundServers {
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly string[];
}

/** Finds the servers of workspace folders. */
export interface ServerFinder {
  /** Glob of the files whose changes may matter. */
  readonly watched: string;
  /** Returns whether a change of a file can change the result; for some files only existence matters. */
  matters(path: string, isThereAlready: boolean): boolean;
  /** Returns whether a deleted folder contained files that matter. */
  hasFilesIn(folder: WorkspaceFolder, path: string): boolean;
  /** Reads the changed files of a folder, given by their relative paths, or searches the whole folder. */
  update(
    folder: WorkspaceFolder,
    changes: ReadonlySet<string> | undefined,
    onStep: () => void,
  ): Promise<void>;
  /** Returns the servers discovered so far, without configured ones. */
  partialResults(folder: WorkspaceFolder): readonly ServerDefinition[];
  /** Returns all servers of a folder. */
  results(folder: WorkspaceFolder): Promise<FoundServers>;
}
