import { commands } from 'vscode';
import type { Translator } from '../../core/common.js';
import { shortened } from '../../core/plainText.js';
import type { SilencedNotices } from './silencedNotices.js';
import { showWarning } from '../display/messages.js';

/** Longest text of a problem, which the log has as a whole; UTF-16 units. */
const maxLength = 300;

/** Notifies the user that servers or files were skipped. The log holds the reason for each. */
export async function notifyConfigurationProblems(
  problems: readonly string[],
  silenced: SilencedNotices,
  l10n: Translator,
): Promise<void> {
  if (silenced.has('problems')) return;
  const [only] = problems;
  const [showLog, never] = [l10n.t('Show Log'), l10n.t("Don't Show Again")];
  const text =
    problems.length === 1 && only !== undefined
      ? shortened(only, maxLength)
      : l10n.t('{0} problems in your dev server configuration and project files.', problems.length);
  const chosen = await showWarning(text, showLog, never);
  if (chosen === never) await silenced.add('problems');
  if (chosen === showLog) await commands.executeCommand('devServers.showLog');
}
