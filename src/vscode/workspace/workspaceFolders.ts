import { workspace, type WorkspaceFolder } from 'vscode';
import { FolderNames } from '../../core/server/folderNames.js';

/**
 * One list of names for the window, as the editor has one list of folders: with two lists, a folder could get two
 * names.
 */
const names = new FolderNames();

/** Returns the name of a folder in server ids, which no other folder of the window has or had. */
export function folderNameOf(folder: WorkspaceFolder): string {
  const folders = workspace.workspaceFolders ?? [folder];
  const distinct = names.namesFor(folders.map(({ name, uri }) => ({ name, key: uri.toString() })));
  return distinct[folder.index] ?? folder.name;
}

/** Returns the folder with this name. */
export function folderNamed(name: string): WorkspaceFolder | undefined {
  return workspace.workspaceFolders?.find((folder) => folderNameOf(folder) === name);
}
