import { FileSystemError, FileType, RelativePattern, Uri, workspace, type WorkspaceFolder } from 'vscode';

/** The files of a workspace folder, found by the editor's own search and read through its file system. */
export function workspaceFiles(folder: WorkspaceFolder): {
  packageFiles(): Promise<readonly string[]>;
  read(path: string, maxBytes: number): Promise<FileText>;
  fileNames(path: string): Promise<ReadonlySet<string>>;
} {
  const uriOf = (path: string): Uri => (path === '' ? folder.uri : Uri.joinPath(folder.uri, path));
  return {
    packageFiles: async () => {
      const found = await workspace.findFiles(
        new RelativePattern(folder, '**/package.json'),
        new RelativePattern(folder, '**/node_modules/**'),
      );
      return found.map((uri) => uri.path.slice(folder.uri.path.replace(/\/$/, '').length + 1));
    },
    read: async (path, maxBytes) => {
      const uri = uriOf(path);
      const size = await sizeOf(uri);
      if (size === undefined) return { kind: 'absent' };
      if (size > maxBytes) return { kind: 'tooLarge' };
      return { kind: 'text', text: new TextDecoder().decode(await workspace.fs.readFile(uri)) };
    },
    fileNames: async (path) => {
      const entries = await workspace.fs.readDirectory(uriOf(path));
      return new Set(entries.filter(([, type]) => (type & FileType.File) !== 0).map(([name]) => name));
    },
  };
}

type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'tooLarge' };

async function sizeOf(uri: Uri): Promise<number | undefined> {
  try {
    return (await workspace.fs.stat(uri)).size;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
