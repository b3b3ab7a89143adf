import { workspace, type WorkspaceFolder } from 'vscode';
import { distinctFolderNames } from '../core/folderNames.js';

/** The name of a folder in the ids of its servers, which no other folder of the window has. */
export function folderNameOf(folder: WorkspaceFolder): string {
  const names = distinctFolderNames((workspace.workspaceFolders ?? []).map(({ name }) => name));
  return names[folder.index] ?? folder.name;
}

/** The folder with such a name. */
export function folderNamed(name: string): WorkspaceFolder | undefined {
  return workspace.workspaceFolders?.find((folder) => folderNameOf(folder) === name);
}
