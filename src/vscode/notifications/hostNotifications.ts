import type { Translator } from '../../core/common.js';
import { showWarning } from '../display/messages.js';

/**
 * Notifies the user that the process host does not respond, and offers to end it with its servers. Has no effect once it
 * responds again.
 */
export async function offerToEndHost(
  host: { endUnresponsive(): Promise<void> },
  l10n: Translator,
): Promise<void> {
  const end = l10n.t('Stop It and Its Servers');
  const text = l10n.t(
    'The process that runs the dev servers of this window does not respond. They cannot be stopped or watched until it does.',
  );
  if ((await showWarning(text, end)) === end) await host.endUnresponsive();
}
