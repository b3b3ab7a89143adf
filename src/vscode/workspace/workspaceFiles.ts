import { readdir } from 'node:fs/promises';
import { RelativePattern, Uri, workspace, type WorkspaceFolder } from 'vscode';

/**
 * Returns access to the files of a workspace folder: searched by the editor, and read from the disk, since the
 * extension runs where the files are. `excluded` is a glob that the search skips in addition to `files.exclude`;
 * `readFile` reads a file by its absolute path.
 */
export function workspaceFiles(
  folder: WorkspaceFolder,
  excluded: string,
  readFile: (path: string, maxBytes: number) => Promise<FileText>,
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
    read: (path, maxBytes) => readFile(absolutePath(path), maxBytes),
    names: async (path) => new Set(await readdir(absolutePath(path))),
  };
}

type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'tooLarge' };
