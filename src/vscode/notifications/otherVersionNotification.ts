import { commands } from 'vscode';
import type { Translator } from '../../core/common.js';
import { showInformation } from '../display/messages.js';

/**
 * Notifies the user of servers that keep running but cannot be taken over, since another version of the extension
 * started them.
 */
export async function notifyOtherVersion(l10n: Translator): Promise<void> {
  const show = l10n.t('Show Them');
  const text = l10n.t(
    'Servers started by another version of Dev Servers are still running. They are listed here once they have been restarted.',
  );
  if ((await showInformation(text, show)) === show)
    await commands.executeCommand('devServers.showOtherWindows');
}
