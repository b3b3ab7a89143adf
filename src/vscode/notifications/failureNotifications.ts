import { commands, window } from 'vscode';
import { toServerError } from '../../core/server/errors.js';
import { isReportedAsCrash } from '../../core/dependencies/groupFailures.js';
import type { Translator } from '../../core/common.js';

/**
 * Tells the user what was refused or failed, and where to change it. A server that could not be spawned, or lost its
 * host, is `crashed`, and crashes are told in one place.
 */
export function notifyFailure(thrown: unknown, l10n: Translator): void {
  const error = toServerError(thrown, 'badRequest');
  const { reason, message } = error;
  if (isReportedAsCrash(error)) return;
  if (reason === 'limit') void notifyWithSetting(message, 'devServers.maxServers', l10n);
  else if (reason === 'portInUse') void notifyWithSetting(message, 'devServers.portConflict', l10n);
  else void window.showErrorMessage(message);
}

async function notifyWithSetting(message: string, setting: string, l10n: Translator): Promise<void> {
  const openSetting = l10n.t('Open Setting');
  const chosen = await window.showErrorMessage(message, openSetting);
  if (chosen === openSetting) {
    await commands.executeCommand('workbench.action.openSettings', setting);
  }
}
