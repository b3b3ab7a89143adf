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
  /** All `package.json` files outside `node_modules`, in any order. */
  packageFiles(): Promise<readonly string[]>;
  /** Rejects when the file is there and cannot be read. A file of more than `maxBytes` bytes is not read at all. */
  read(path: string, maxBytes: number): Promise<FileText>;
  /** Names of the files right inside a folder: one question per folder instead of one per possible lock file. */
  fileNames(folder: string): Promise<ReadonlySet<string>>;
}

/**
 * Path rules of the machine the servers run on. Node's `path` is one as it stands, and tests pass `path.posix` and
 * `path.win32`: joining with `/` alone would miss drive letters, `\` and that Windows compares without case.
 */
export interface Paths {
  readonly sep: string;
  isAbsolute(path: string): boolean;
  relative(from: string, to: string): string;
  resolve(...segments: string[]): string;
}
