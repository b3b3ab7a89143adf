import { accessSync, chmodSync, constants, existsSync } from 'node:fs';
import { ServerError } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';
import { errorMessage } from '../../core/errorMessage.js';

/**
 * Makes node-pty's helper on macOS executable, since some unpackers lose that. Leaves one alone that is, since it may be
 * installed where this user must not change it. Throws `spawnFailed` when nothing could be started by it.
 */
export function makeHelperExecutable(helper: string): void {
  if (!existsSync(helper) || isExecutable(helper)) return;
  try {
    chmodSync(helper, 0o755);
  } catch (error) {
    const reason = errorMessage(error);
    throw new ServerError(
      'spawnFailed',
      untranslated('Not executable, and its permissions could not be changed: {0} ({1}).', reason, helper),
    );
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
