import { commands } from 'vscode';
import type { Translator } from '../../core/common.js';
import { showWarning } from '../display/messages.js';

/** Notifies the user that servers or files were skipped. The log holds the reason for each. */
export async function notifyConfigurationProblems(
  problems: readonly string[],
  l10n: Translator,
): Promise<void> {
  const [only] = problems;
  const showLog = l10n.t('Show Log');
  const text =
    problems.length === 1 && only !== undefined
      ? only
      : l10n.t('{0} problems in your dev server configuration and project files.', problems.length);
  if ((await showWarning(text, showLog)) === showLog) await commands.executeCommand('devServers.showLog');
}
