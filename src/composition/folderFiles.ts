import type { WorkspaceFolder } from 'vscode';
import type { FileText, WorkspaceFiles } from '../discovery/files/workspaceFiles.js';
import { readTextFile } from '../host/system/readTextFile.js';
import { workspaceFiles } from '../vscode/workspace/workspaceFiles.js';

/** Returns the files of a workspace folder. `excluded` is a glob that the search skips. */
export function folderFiles(folder: WorkspaceFolder, excluded = ''): WorkspaceFiles {
  return workspaceFiles(folder, excluded, readFile);
}

/** A folder with the name of a file is no file. */
async function readFile(path: string, maxBytes: number): Promise<FileText> {
  const file = await readTextFile(path, maxBytes);
  return file.kind === 'notFile' ? { kind: 'absent' } : file;
}
