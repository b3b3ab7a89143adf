import type { Translator } from '../../core/common.js';
import type { PathRules } from '../../core/paths.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Result of reading a file. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  /** It does not exist: a search result may be older than the disk. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'tooLarge' };

/** Contents of a file, or the reason why it cannot be read. */
export type FileContent = FileText | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads a file. Never rejects, so that one unreadable file does not keep the others from being read. */
export async function readContent(
  files: Pick<WorkspaceFiles, 'read'>,
  path: string,
  maxBytes: number,
): Promise<FileContent> {
  try {
    return await files.read(path, maxBytes);
  } catch (error) {
    return { kind: 'unreadable', reason: errorMessage(error) };
  }
}

/** Returns a sentence on why a file has no text. */
export function unreadableReason(
  content: Exclude<FileContent, { readonly kind: 'text' | 'absent' }>,
  maxBytes: number,
  l10n: Translator,
): string {
  return content.kind === 'tooLarge'
    ? l10n.t('It is larger than {0} KiB.', maxBytes / 1024)
    : l10n.t('It cannot be read: {0}', content.reason);
}

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
   * Reads a file. Rejects if it exists but cannot be read. Returns no text for a file of more than `maxBytes` bytes.
   */
  read(path: string, maxBytes: number): Promise<FileText>;
  /** Returns the names of the files and folders directly inside a folder. */
  names(folder: string): Promise<ReadonlySet<string>>;
}

/** Access to the event loop, used to divide long work into slices. */
export interface EventLoopTurns {
  /** Monotonic time in milliseconds. */
  now(): number;
  /** Resolves after all other pending events have had their turn. */
  next(): Promise<void>;
}

/**
 * Path rules of the machine that runs the servers; `node:path` fits, and tests pass `path.posix` and `path.win32`.
 * Joining with `/` would ignore drive letters, `\`, and that Windows is not case-sensitive.
 */
export interface Paths extends PathRules {
  resolve(...segments: string[]): string;
}
