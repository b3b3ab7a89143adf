import type { Translator } from '../../core/common.js';
import type { Outcome } from '../../core/lifecycle/outcome.js';
import { showWarning } from '../display/messages.js';
import { notifyFailure } from './failureNotifications.js';
import { joinList } from '../../core/text.js';

/** Notifies the user of servers that could not be stopped, and of ports that another process uses after a stop. */
export function notifyStopResults(results: readonly PromiseSettledResult<Outcome>[], l10n: Translator): void {
  for (const result of results) {
    if (result.status === 'rejected') notifyFailure(result.reason, l10n);
    else notifyBusyPorts(result.value, l10n);
  }
}

/** Notifies the user of ports that another process uses after a stop. */
export function notifyBusyPorts(outcome: Outcome, l10n: Translator): void {
  if (outcome.kind !== 'stopped' || outcome.busyPorts.length === 0) return;
  void showWarning(
    l10n.t(
      'Stopped, but port {0} is in use by another process.',
      joinList(outcome.busyPorts.map(String), l10n),
    ),
  );
}
