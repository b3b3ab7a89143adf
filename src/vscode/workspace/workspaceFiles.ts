import { readdir, readFile, stat } from 'node:fs/promises';
import { RelativePattern, Uri, workspace, type WorkspaceFolder } from 'vscode';

/**
 * Returns access to the files of a workspace folder: searched by the editor, and read from the disk, since the
 * extension runs where the files are. `excluded` is a glob that the search skips in addition to `files.exclude`.
 */
export function workspaceFiles(
  folder: WorkspaceFolder,
  excluded: string,
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
    read: async (path, maxBytes) => {
      const size = await fileSize(absolutePath(path));
      if (size === undefined) return { kind: 'absent' };
      if (size > maxBytes) return { kind: 'tooLarge' };
      return { kind: 'text', text: await readFile(absolutePath(path), 'utf8') };
    },
    names: async (path) => new Set(await readdir(absolutePath(path))),
  };
}

type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'tooLarge' };

/** Returns the size of a file; `undefined` if the path is not a file. */
async function fileSize(path: string): Promise<number | undefined> {
  try {
    const file = await stat(path);
    return file.isFile() ? file.size : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^(?:ENOENT|ENOTDIR)$/.test(String(error.code)))
      return undefined;
    throw error;
  }
}
