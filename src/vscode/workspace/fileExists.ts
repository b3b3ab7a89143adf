import { FileType, Uri, workspace } from 'vscode';

/** Returns whether there is a file at an absolute path. Rejects if the path does not exist. */
export async function fileExists(path: string): Promise<boolean> {
  const { type } = await workspace.fs.stat(Uri.file(path));
  return (type & FileType.File) !== 0;
}
