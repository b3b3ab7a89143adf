import { FileType, Uri, workspace } from 'vscode';

/** Whether there is a file at an absolute path. Rejects when there is nothing. */
export async function fileExists(path: string): Promise<boolean> {
  const { type } = await workspace.fs.stat(Uri.file(path));
  return (type & FileType.File) !== 0;
}
