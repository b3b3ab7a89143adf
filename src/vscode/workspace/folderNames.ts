import { workspace, type WorkspaceFolder } from 'vscode';
import { FolderNames } from '../../core/server/folderNames.js';

/** As the editor's own list of folders there is one for the window, whoever asks: two could give a folder two names. */
const names = new FolderNames();

/** The name of a folder in the ids of its servers, which no other folder of the window has or had. */
export function folderNameOf(folder: WorkspaceFolder): string {
  const folders = workspace.workspaceFolders ?? [folder];
  const distinct = names.namesFor(folders.map(({ name, uri }) => ({ name, key: uri.toString() })));
  return distinct[folder.index] ?? folder.name;
}

/** The folder with such a name. */
export function folderNamed(name: string): WorkspaceFolder | undefined {
  return workspace.workspaceFolders?.find((folder) => folderNameOf(folder) === name);
}
