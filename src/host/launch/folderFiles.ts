import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileReads, readFolderNames, SilentFileSystemError } from '../system/boundedReads.js';

/**
 * Files by which the version managers and environment loaders that hook into the shell choose what applies to a folder.
 * Tools that choose the version when a program starts, such as Volta, are not listed: they need no shell.
 */
const folderFiles: ReadonlySet<string> = new Set([
  '.envrc', // direnv
  '.env.autoenv', // autoenv
  '.go-version', // goenv
  '.java-version', // jenv
  '.mise.local.toml',
  '.mise.toml',
  '.node-version', // fnm, nodenv, nvs
  '.nvmrc', // nvm, fnm
  '.prototools', // proto
  '.python-version', // pyenv
  '.ruby-version', // rbenv, chruby, rvm
  '.rvmrc',
  '.sdkmanrc', // SDKMAN!
  '.tool-versions', // asdf, mise
  '.vfox.toml',
  'mise.local.toml',
  'mise.toml',
]);

/** Start-up files of the shells, relative to the home folder. */
const startUpFiles = [
  '.profile',
  '.bash_profile',
  '.bash_login',
  '.bashrc',
  '.zshenv',
  '.zprofile',
  '.zshrc',
  '.zlogin',
  '.cshrc',
  '.tcshrc',
  '.config/fish/config.fish',
  '.config/nushell/config.nu',
  '.config/nushell/env.nu',
  '.config/powershell/profile.ps1',
];

/** A folder with such files, and a text that changes with them. */
export interface FolderFiles {
  readonly folder: string;
  readonly stamp: string;
}

/**
 * Returns the nearest folder at or above `folder` that has such files. Those of the home folder and above it apply
 * everywhere, so that the environment of the editor has them already.
 */
export async function nearestFolderFiles(folder: string, home: string): Promise<FolderFiles | undefined> {
  if (folder === home || folder === dirname(folder)) return undefined;
  const names = await readFolderNames(folder).catch(emptyUnlessSilent);
  // No server can run there, and searching the folders above could block another thread.
  if (!names) return undefined;
  const found = names.filter((name) => folderFiles.has(name)).toSorted();
  if (found.length === 0) return nearestFolderFiles(dirname(folder), home);
  return { folder, stamp: await stampOf(found.map((name) => join(folder, name))) };
}

function emptyUnlessSilent(error: unknown): readonly string[] | undefined {
  return error instanceof SilentFileSystemError ? undefined : [];
}

/** Returns a text that changes with the start-up files of the shells. */
export function startUpStamp(home: string): Promise<string> {
  return stampOf(startUpFiles.map((name) => join(home, name)));
}

async function stampOf(files: readonly string[]): Promise<string> {
  const times = files.map(async (file) => {
    const found = await fileReads.run(file, () => stat(file)).catch(() => undefined);
    return found ? `${file} ${found.mtimeMs} ${found.size}` : '';
  });
  return (await Promise.all(times)).join('\n');
}
