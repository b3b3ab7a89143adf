import { readFile, stat } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { ServerError } from '../../core/server/errors.js';
import type { EnvironmentChanges } from '../../core/commandLine/terminalEnvironment.js';
import { untranslated } from '../../core/text.js';

/** Largest size of a file with variables. */
const maxBytes = 1024 * 1024;

/**
 * Reads files of lines `NAME=value`, given by absolute paths. Rejects with `spawnFailed`, naming the file, for the
 * first one that is missing, is not a regular file, cannot be read, or is larger than 1 MiB.
 */
export async function readEnvironmentFiles(paths: readonly string[]): Promise<EnvironmentChanges[]> {
  const files: EnvironmentChanges[] = [];
  for (const path of paths) files.push(await readEnvironmentFile(path));
  return files;
}

async function readEnvironmentFile(path: string): Promise<EnvironmentChanges> {
  const found = await stat(path).catch((error: unknown) => fail(path, error));
  // Reading another kind, such as a pipe, might never end.
  if (!found.isFile())
    throw new ServerError('spawnFailed', untranslated('The environment file {0} is not a file.', path));
  if (found.size > maxBytes) {
    throw new ServerError(
      'spawnFailed',
      untranslated('The environment file {0} is larger than 1 MiB.', path),
    );
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => fail(path, error));
  if (text.includes('\0')) {
    throw new ServerError(
      'spawnFailed',
      untranslated('The environment file {0} holds a NUL character.', path),
    );
  }
  const variables = parseEnv(text.replace(/^\uFEFF/, ''));
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? '']));
}

function fail(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    throw new ServerError('spawnFailed', untranslated('The environment file {0} does not exist.', path), {
      cause: error,
    });
  }
  const detail = error instanceof Error ? error.message : String(error);
  throw new ServerError(
    'spawnFailed',
    untranslated('The environment file {0} cannot be read: {1}', path, detail),
    {
      cause: error,
    },
  );
}
