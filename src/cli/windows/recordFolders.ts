import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** Folder of the extension's files inside the data folder of an editor. */
const storagePath = ['User', 'globalStorage', 'dev-server-registry.dev-server-registry'];

/** Folder of the window records inside a storage folder. */
const recordsName = 'agents';

/** Names of the data folders of editors. */
const editors = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'];
const remoteEditors = ['.vscode-server', '.vscode-server-insiders', '.vscodium-server', '.cursor-server'];

/** Environment variable with the folder of the window records of the editor in which the terminal runs. */
const recordsVariable = 'DEV_SERVERS_WINDOWS';

/**
 * Returns the folders in which the extension keeps its files, one for each editor of this user; first that of the
 * editor in which this terminal runs. `devservers up` uses the first one, so that the windows of that editor find its
 * servers.
 */
export function storageFolders(): readonly [string, ...string[]] {
  const named = process.env[recordsVariable];
  const known = editorFolders().map((data) => join(data, ...storagePath));
  const found = known.filter((each) => existsSync(each));
  const own = join(dataRoot(), 'dev-server-registry');
  const [first = own, ...others] = [
    ...new Set([...(named === undefined ? [] : [dirname(named)]), ...found, own]),
  ];
  return [first, ...others];
}

/** Returns the folders in which the editors of this user record their windows. */
export function recordFolders(): readonly string[] {
  const folders = storageFolders().map((each) => join(each, recordsName));
  const named = process.env[recordsVariable];
  return (named === undefined ? folders : [named, ...folders.slice(1)]).filter((each) => existsSync(each));
}

function editorFolders(): string[] {
  const root = dataRoot();
  return [
    ...editors.map((editor) => join(root, editor)),
    ...remoteEditors.map((editor) => join(homeFolder(), editor, 'data')),
  ];
}

/** Returns the folder in which programs of this user keep their data. */
function dataRoot(): string {
  const home = homeFolder();
  const { APPDATA = '', XDG_CONFIG_HOME = '' } = process.env;
  const local: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
    win32: isAbsolute(APPDATA) ? APPDATA : join(home, 'AppData', 'Roaming'),
    darwin: join(home, 'Library', 'Application Support'),
  };
  return local[process.platform] ?? (isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(home, '.config'));
}

/** An empty or relative HOME would put the files into the current folder. */
function homeFolder(): string {
  const home = homedir();
  return isAbsolute(home) ? home : userInfo().homedir;
}
