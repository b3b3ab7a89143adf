import type { PathRules } from '../../core/paths.js';

/** What became of reading a file. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  /** It is not there (any more); a search may be older than the disk. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'tooLarge' };

/**
 * The files of one workspace folder. Every path is relative to that folder and written with `/`; the folder itself is
 * the empty path.
 */
export interface WorkspaceFiles {
  /** All files whose path ends like one of the patterns, in any order, without those that the user keeps out of searches. */
  search(patterns: readonly string[]): Promise<readonly string[]>;
  /** Rejects when the file is there and cannot be read. A file of more than `maxBytes` bytes is not read at all. */
  read(path: string, maxBytes: number): Promise<FileText>;
  /** Names of the files and folders right inside a folder. */
  names(folder: string): Promise<ReadonlySet<string>>;
}

/** What lets a long piece of work be done in slices. */
export interface EventLoopTurns {
  /** Monotonic milliseconds. */
  now(): number;
  /** Resolves when everything else that waits has had its turn. */
  next(): Promise<void>;
}

/**
 * Path rules of the machine the servers run on. Node's `path` is one as it stands, and tests pass `path.posix` and
 * `path.win32`: joining with `/` alone would miss drive letters, `\` and that Windows compares without case.
 */
export interface Paths extends PathRules {
  resolve(...segments: string[]): string;
}
