import type { WorkspaceFolder } from 'vscode';
import type { WorkspaceFiles } from '../discovery/files/workspaceFiles.js';
import { readFolderNames } from '../host/system/boundedReads.js';
import { readNamedFile } from '../host/system/readTextFile.js';
import { workspaceFiles } from '../vscode/workspace/workspaceFiles.js';

/** Returns the files of a workspace folder. `excluded` is a glob that the search skips. */
export function folderFiles(folder: WorkspaceFolder, excluded = ''): WorkspaceFiles {
  return workspaceFiles(folder, excluded, { readFile: readNamedFile, folderNames: readFolderNames });
}
