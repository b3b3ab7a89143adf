// @ts-check
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from './cleanup.mjs';
import { guard } from './guardian.mjs';

/**
 * @typedef {object} TemporaryFolder
 * @property {string} path
 * @property {() => Promise<void>} remove
 */

/**
 * Makes a temporary folder that is removed at the end of the script at the latest.
 * @param {string} purpose a short word for its name; sockets lie below it, whose paths must stay short
 * @returns {TemporaryFolder}
 */
export function temporaryFolder(purpose) {
  const path = mkdtempSync(join(realpathSync(tmpdir()), `dsr-${purpose}-`));
  const release = guard({ folder: path });
  const remove = onExit(() => {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    release();
  });
  return { path, remove };
}
