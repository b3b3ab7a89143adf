import { access, constants, readlink, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { ServerError } from '../../core/server/errors.js';
import { fileReads, SilentFileSystemError } from '../system/boundedReads.js';
import { searchPath } from './environment.js';
import { toolHint } from './installHints.js';
import { untranslated } from '../../core/text.js';

/** Rejects with `spawnFailed`, naming the folder, when the working folder does not exist or its file system is silent. */
export async function requireFolder(path: string, reads = fileReads): Promise<void> {
  const found = await reads
    .run(path, () => stat(path))
    .catch((error: unknown) => {
      if (error instanceof SilentFileSystemError)
        throw new ServerError('spawnFailed', untranslated('The file system does not respond: {0}.', path));
    });
  if (!found) throw new ServerError('spawnFailed', untranslated('Folder not found: {0}.', path));
  if (!found.isDirectory()) throw new ServerError('spawnFailed', untranslated('Not a folder: {0}.', path));
}

/** Parameters of the search for a program. */
export interface ProgramSearch {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Endings to append to the name, as Windows does. */
  readonly endings: readonly string[];
}

/**
 * Result of the search for a program; `blocked` is a file that is not executable, and `silent` a place whose file system
 * does not respond, so that the program may be there.
 */
type Program =
  | { readonly kind: 'found' | 'blocked' | 'silent'; readonly path: string }
  | { readonly kind: 'missing' };

const notFound: Program = { kind: 'missing' };

/** Orders the results by how well they explain that a program was not found. */
const rank = { missing: 0, silent: 1, blocked: 2, found: 3 };

/** Searches for a program as the system would, but skips folders whose file system does not answer. */
export async function findProgram(
  file: string,
  { cwd, env, endings }: ProgramSearch,
  reads = fileReads,
): Promise<Program> {
  let other = notFound;
  for (const folder of isPath(file) ? [''] : searchPath(env)) {
    const files = endings.map((ending) => resolve(cwd, folder, file + ending));
    const place = folder === '' ? resolve(cwd, file) : resolve(cwd, folder);
    const program = await reads
      .run(place, () => firstProgram(files))
      .catch((error: unknown): Program => {
        return error instanceof SilentFileSystemError ? { kind: 'silent', path: place } : notFound;
      });
    if (program.kind === 'found') return program;
    if (rank[program.kind] > rank[other.kind]) other = program;
  }
  return other;
}

async function firstProgram(files: readonly string[]): Promise<Program> {
  let blocked: string | undefined;
  for (const path of files) {
    const [isFile, isAllowed] = await Promise.all([isFileAt(path), mayExecute(path)]);
    if (isFile && isAllowed) return { kind: 'found', path };
    if (isFile) blocked ??= path;
  }
  return blocked === undefined ? notFound : { kind: 'blocked', path: blocked };
}

/**
 * Returns the path of a found program. Throws `spawnFailed` with the reason for any other result; a pseudo-terminal would
 * only report an exit with code 1.
 */
export function requireFound(file: string, program: Program): string {
  if (program.kind === 'found') return program.path;
  if (program.kind === 'blocked') {
    throw new ServerError('spawnFailed', untranslated('Not executable: {0}.', program.path));
  }
  const silence =
    program.kind === 'silent' && untranslated('The file system does not respond: {0}.', program.path);
  if (isPath(file))
    throw new ServerError('spawnFailed', silence || untranslated('Command not found: {0}.', file));
  const text = untranslated('Command not found on the PATH: {0}.', file);
  const more = [silence, toolHint(file)].filter((each) => each !== false && each !== undefined);
  throw new ServerError('spawnFailed', more.length > 0 ? [text, ...more] : text);
}

function isPath(file: string): boolean {
  return isAbsolute(file) || /[/\\]/.test(file);
}

/** Program that the aliases of the Store stand for as long as what they name is not installed. */
const storeInstaller = /[\\/]AppInstallerPythonRedirector\.exe$/i;

/**
 * Returns whether a file of Windows is an alias of the Store for an installed program. Such a file cannot be read, only
 * executed; the alias of a program that is not installed, such as `python`, only opens the Store. Not yet run on Windows.
 */
export async function isStoreAlias(
  path: string,
  readTarget = (file: string) => readlink(file),
): Promise<boolean> {
  if (!/[\\/]WindowsApps[\\/]/i.test(path)) return false;
  const target = await readTarget(path).catch(() => undefined);
  return target !== undefined && !storeInstaller.test(target);
}

function mayExecute(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => isStoreAlias(path),
  );
}

async function isFileAt(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? isStoreAlias(path);
}
