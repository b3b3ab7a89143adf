// @ts-check
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from './cleanup.mjs';
import { reapOnExit } from './reaper.mjs';

/**
 * @typedef {object} TemporaryFolder
 * @property {string} path
 * @property {() => Promise<void>} remove
 */

/**
 * Creates a temporary folder, and removes it when the script ends, at the latest.
 * @param {string} purpose part of its name; short, because the paths of the sockets in it are limited
 * @returns {TemporaryFolder}
 */
export function temporaryFolder(purpose) {
  const path = mkdtempSync(join(realpathSync(tmpdir()), `dsr-${purpose}-`));
  const release = reapOnExit({ folder: path });
  const remove = onExit(() => {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    release();
  });
  return { path, remove };
}
