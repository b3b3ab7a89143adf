import { commands } from 'vscode';
import type { Translator } from '../../core/common.js';
import { showInformation } from '../display/messages.js';

/** Notifies the user of servers that run on, but cannot be taken over: another version of the extension has started them. */
export async function notifyOtherVersion(l10n: Translator): Promise<void> {
  const show = l10n.t('Show Them');
  const text = l10n.t(
    'Servers that another version of Dev Servers has started are still running. They stay out of the list until they are stopped and started again.',
  );
  if ((await showInformation(text, show)) === show)
    await commands.executeCommand('devServers.showOtherWindows');
}
