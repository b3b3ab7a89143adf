import type { Translator } from '../../core/common.js';
import type { Outcome } from '../../core/lifecycle/outcome.js';
import { notifyFailure } from './failureNotifications.js';
import { notifyBusyPorts } from './stopNotifications.js';

/** Runs an operation and notifies the user of a failure, unless the new state of the server shows it. */
export async function notifyingFailure(
  operation: () => Promise<Outcome | undefined | void>,
  l10n: Translator,
): Promise<void> {
  try {
    const outcome = await operation();
    if (outcome) notifyBusyPorts(outcome, l10n);
  } catch (error) {
    notifyFailure(error, l10n);
  }
}
