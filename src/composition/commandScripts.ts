import { posixQuoted } from '../core/commandLine/posixWord.js';
import { lstat, readFile, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Translator } from '../core/common.js';
import { makeFolders, makePrivateFolder } from '../host/system/privateFolder.js';
import { replaceShared, replaceSharedFile } from '../host/system/replaceFile.js';
import { editorNode } from '../mcp/bridge/mcpCommand.js';

/** Name of the command line in terminals. */
const commandName = 'devservers';

/**
 * Writes the scripts that run the command line at `program` in the Node of the editor, for the shells of POSIX systems
 * and for Windows. Every window of the editor writes the same scripts; the path of the program changes with each
 * update.
 */
export async function writeCommandScripts(folder: string, program: string): Promise<void> {
  await makePrivateFolder(folder);
  const { command, env } = editorNode();
  const isElectron = Object.keys(env).length > 0;
  await Promise.all([
    writeScript(join(folder, commandName), posixScript(command, program, isElectron)),
    ...(process.platform === 'win32'
      ? [writeScript(join(folder, `${commandName}.cmd`), windowsScript(command, program, isElectron))]
      : []),
  ]);
}

/** Result of the installation: the file, and whether its folder is on the PATH of this process. */
export interface InstalledCommand {
  readonly path: string;
  readonly isOnPath: boolean;
}

/**
 * Makes the command line available outside the editor's terminals, in a folder for programs of this user. Rejects when
 * another program has that name there.
 */
export async function installCommand(scriptFolder: string, l10n: Translator): Promise<InstalledCommand> {
  const isWindows = process.platform === 'win32';
  // Windows has this folder on the PATH of each user. Has not run on a Windows machine.
  const local = process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  const folder = isWindows ? join(local, 'Microsoft', 'WindowsApps') : join(homedir(), '.local', 'bin');
  await makeFolders(folder);
  const name = isWindows ? `${commandName}.cmd` : commandName;
  const path = join(folder, name);
  const target = join(scriptFolder, name);
  await (isWindows ? installCopy : installLink)(path, target, l10n);
  const isOnPath = (process.env['PATH'] ?? '').split(delimiter).includes(folder);
  return { path, isOnPath };
}

async function installLink(path: string, target: string, l10n: Translator): Promise<void> {
  const existing = await lstat(path).catch(() => undefined);
  if (existing) {
    // The script belongs to another editor, or is a link to a removed file.
    const content = await readFile(path, 'utf8').catch(() => ownMark);
    if (!existing.isSymbolicLink() || !content.includes(ownMark)) throw foreignFile(path, l10n);
  }
  await replaceShared(path, (unfinished) => symlink(target, unfinished));
}

async function installCopy(path: string, target: string, l10n: Translator): Promise<void> {
  const script = `@echo off\r\nrem ${ownMark}\r\n${batchPath(target)} %*\r\n`;
  const existing = await readFile(path, 'utf8').catch(() => undefined);
  if (existing !== undefined && !existing.includes(ownMark)) throw foreignFile(path, l10n);
  await replaceSharedFile(path, script);
}

function foreignFile(path: string, l10n: Translator): Error {
  return new Error(l10n.t('{0} already exists. It was not created by this extension.', path));
}

const ownMark = 'Written by the extension Dev Server Registry.';

/** If the editor was removed but the script was not, an installed Node runs the program. */
function posixScript(node: string, program: string, isElectron: boolean): string {
  const [nodeWord, programWord] = [node, program].map(posixQuoted);
  const run = `${isElectron ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}exec ${nodeWord} ${programWord} "$@"`;
  return `#!/bin/sh\n# ${ownMark}\nif [ -x ${nodeWord} ]; then ${run}; fi\nexec node ${programWord} "$@"\n`;
}

function windowsScript(node: string, program: string, isElectron: boolean): string {
  const setup = isElectron ? 'set ELECTRON_RUN_AS_NODE=1\r\n' : '';
  return `@echo off\r\nrem ${ownMark}\r\nsetlocal\r\n${setup}${batchPath(node)} ${batchPath(program)} %*\r\n`;
}

/**
 * Returns a path as a word of a batch file. `cmd.exe` reads such a file in the code page of the console, so the name of the
 * user, which may have other characters, is left to a variable.
 */
function batchPath(path: string): string {
  const home = process.env['USERPROFILE'] ?? '';
  const isInside = home !== '' && path.toLowerCase().startsWith(`${home.toLowerCase()}\\`);
  const rest = (isInside ? path.slice(home.length) : path).replaceAll('%', '%%');
  return `"${isInside ? '%USERPROFILE%' : ''}${rest}"`;
}

async function writeScript(path: string, text: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return;
  // Executable from the beginning, since a window that is closed here would leave it without this permission.
  await replaceSharedFile(path, text, 0o755);
}
