import { access, constants, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { ServerError } from '../core/errors.js';
import { searchPath } from './environment.js';

/** Throws `spawnFailed`, naming the folder, when there is no such folder to run in. */
export async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new ServerError('spawnFailed', `The folder ${path} does not exist.`);
  if (!found.isDirectory()) throw new ServerError('spawnFailed', `${path} is not a folder.`);
}

/**
 * Throws `spawnFailed`, saying what is missing, when the program cannot be executed. A pseudo-terminal would only tell that
 * something exited with 1. `endings` are tried behind the name, as Windows does.
 */
export async function requireExecutable(
  file: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  endings: readonly string[],
): Promise<void> {
  const isPath = isAbsolute(file) || /[/\\]/.test(file);
  const folders = isPath ? [''] : searchPath(env);
  let blocked: string | undefined;
  for (const folder of folders) {
    for (const ending of endings) {
      const candidate = resolve(cwd, folder, file + ending);
      if (await isExecutable(candidate)) return;
      if (await isFile(candidate)) blocked = candidate;
    }
  }
  if (blocked !== undefined) throw new ServerError('spawnFailed', `${blocked} is not executable.`);
  const where = isPath ? '' : ' on the PATH';
  throw new ServerError('spawnFailed', `The command "${file}" was not found${where}.`);
}

async function isExecutable(path: string): Promise<boolean> {
  const allowed = access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  const answers = await Promise.all([allowed, isFile(path)]);
  return answers.every(Boolean);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
