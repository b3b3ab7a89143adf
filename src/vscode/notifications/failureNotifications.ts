import { commands } from 'vscode';
import { toServerError } from '../../core/server/errors.js';
import { isReportedAsCrash } from '../../core/dependencies/groupFailures.js';
import { translated } from '../../core/text.js';
import type { Translator } from '../../core/common.js';
import { showError } from '../display/messages.js';

/**
 * Notifies the user of a refusal or failure, and offers the setting to change. Ignores failed spawns and lost process
 * hosts: such a server is `crashed`, and the crash notification reports it. A cancelled start is the user's own doing.
 */
export function notifyFailure(thrown: unknown, l10n: Translator): void {
  const error = toServerError(thrown, 'badRequest');
  const { reason } = error;
  if (isReportedAsCrash(error) || reason === 'cancelled') return;
  const message = translated(error.text, l10n);
  if (reason === 'limit') void notifyWithSetting(message, 'devServers.maxServers', l10n);
  else if (reason === 'portInUse') void notifyWithSetting(message, 'devServers.portConflict', l10n);
  else void showError(message);
}

async function notifyWithSetting(message: string, setting: string, l10n: Translator): Promise<void> {
  const openSetting = l10n.t('Open Setting');
  const chosen = await showError(message, openSetting);
  if (chosen === openSetting) {
    await commands.executeCommand('workbench.action.openSettings', setting);
  }
}
