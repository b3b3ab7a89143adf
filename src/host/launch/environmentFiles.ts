import { parseEnv } from 'node:util';
import { ServerError } from '../../core/server/errors.js';
import type { EnvironmentChanges } from '../../core/commandLine/terminalEnvironment.js';
import { untranslated } from '../../core/text.js';
import { readTextFile } from '../system/readTextFile.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Maximum size of a file with variables. */
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
  const text = await textOf(path);
  if (text.includes('\0')) {
    throw new ServerError(
      'spawnFailed',
      untranslated('The environment file contains a NUL character: {0}.', path),
    );
  }
  const variables = parseEnv(text.replace(/^\uFEFF/, ''));
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? '']));
}

async function textOf(path: string): Promise<string> {
  const file = await readTextFile(path, maxBytes).catch((error: unknown) => fail(path, error));
  switch (file.kind) {
    case 'text':
      return file.text;
    case 'absent':
      throw new ServerError('spawnFailed', untranslated('Environment file not found: {0}.', path));
    case 'notFile':
      throw new ServerError(
        'spawnFailed',
        untranslated('The environment file is not a regular file: {0}.', path),
      );
    case 'tooLarge':
      throw new ServerError(
        'spawnFailed',
        untranslated('The environment file is larger than 1 MiB: {0}.', path),
      );
  }
}

function fail(path: string, error: unknown): never {
  const detail = errorMessage(error);
  throw new ServerError(
    'spawnFailed',
    untranslated('The environment file cannot be read: {0} ({1}).', detail, path),
    {
      cause: error,
    },
  );
}
