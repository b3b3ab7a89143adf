// @ts-check
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const repoRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/**
 * Folder of installed editors, browsers and packages. All clones of the repository on a machine share it, so that a second
 * clone starts at once. `DEV_SERVERS_CACHE` names another one.
 */
export const cacheRoot = process.env['DEV_SERVERS_CACHE'] || join(userCache(), 'dev-server-registry');

function userCache() {
  if (process.platform === 'win32') return process.env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
}

/**
 * Returns the absolute path of a file in the repository.
 * @param {...string} parts
 */
export const fromRoot = (...parts) => join(repoRoot, ...parts);

/**
 * Returns the file in which a stage of the tests writes its counts for the summary.
 * @param {string} stage
 */
export const resultFile = (stage) => fromRoot('out', 'results', `${stage}.json`);
