import type { PathRules } from '../../core/paths.js';

/** Result of reading a file. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  /** It does not exist: a search result may be older than the disk. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'tooLarge' };

/**
 * The files of one workspace folder. Paths are relative to that folder and use `/`; the folder itself is the empty
 * path.
 */
export interface WorkspaceFiles {
  /**
   * Returns all files whose path ends like a pattern, in any order, except those that the user excludes from searches.
   */
  search(patterns: readonly string[]): Promise<readonly string[]>;
  /**
   * Reads a file. Rejects when it exists and cannot be read. A file of more than `maxBytes` bytes is not read at all.
   */
  read(path: string, maxBytes: number): Promise<FileText>;
  /** Returns the names of the files and folders directly inside a folder. */
  names(folder: string): Promise<ReadonlySet<string>>;
}

/** Turns of the event loop, by which long work is divided into slices. */
export interface EventLoopTurns {
  /** Monotonic time in milliseconds. */
  now(): number;
  /** Resolves after all other pending events have had their turn. */
  next(): Promise<void>;
}

/**
 * Path rules of the machine that runs the servers; `node:path` fits, and tests pass `path.posix` and `path.win32`.
 * Joining with `/` would miss drive letters, `\` and that Windows ignores case.
 */
export interface Paths extends PathRules {
  resolve(...segments: string[]): string;
}
