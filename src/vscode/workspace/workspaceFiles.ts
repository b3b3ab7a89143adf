import { RelativePattern, Uri, workspace, type WorkspaceFolder } from 'vscode';

/**
 * Returns access to the files of a workspace folder: searched by the editor, and read from the disk, since the
 * extension runs where the files are. `excluded` is a glob that the search skips in addition to `files.exclude`;
 * `disk` reads by absolute paths.
 */
export function workspaceFiles(
  folder: WorkspaceFolder,
  excluded: string,
  disk: Disk,
): {
  search(patterns: readonly string[]): Promise<readonly string[]>;
  read(path: string, maxBytes: number): Promise<FileText>;
  names(path: string): Promise<ReadonlySet<string>>;
} {
  const root = folder.uri.path.replace(/\/$/, '').length + 1;
  const absolutePath = (path: string): string =>
    path === '' ? folder.uri.fsPath : Uri.joinPath(folder.uri, path).fsPath;
  return {
    search: async (patterns) => {
      const found = await workspace.findFiles(
        new RelativePattern(folder, `**/{${patterns.join(',')}}`),
        new RelativePattern(folder, excluded),
      );
      return found.map((uri) => uri.path.slice(root));
    },
    read: (path, maxBytes) => disk.readFile(absolutePath(path), maxBytes),
    names: async (path) => new Set(await disk.folderNames(absolutePath(path))),
  };
}

interface Disk {
  readonly readFile: (path: string, maxBytes: number) => Promise<FileText>;
  readonly folderNames: (path: string) => Promise<readonly string[]>;
}

type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'tooLarge' };
