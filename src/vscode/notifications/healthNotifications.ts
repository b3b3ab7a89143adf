import { commands, type Disposable } from 'vscode';
import { newHealthProblems, healthText } from '../../core/views/healthAlerts.js';
import type { Registry } from '../../core/registry/registry.js';
import { notifyFailure } from './failureNotifications.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { SilencedNotices } from './silencedNotices.js';
import { showWarning } from '../display/messages.js';

export interface HealthNotificationDeps {
  readonly conflicts: Pick<PortConflicts, 'resolveRunning'>;
  readonly silenced: SilencedNotices;
  readonly l10n: Translator;
}

/**
 * Notifies the user once of every running server that becomes unhealthy, and offers the next step: for a port in use, the
 * ways to resolve the conflict.
 */
export function notifyHealthProblems(registry: Registry, deps: HealthNotificationDeps): Disposable {
  let before = registry.current;
  const unsubscribe = registry.onDidChange((snapshot) => {
    const troubled = newHealthProblems(before, snapshot);
    before = snapshot;
    for (const record of troubled) void notifyHealthProblem(record, deps);
  });
  return { dispose: unsubscribe };
}

async function notifyHealthProblem(
  record: ServerRecord,
  { conflicts, silenced, l10n }: HealthNotificationDeps,
): Promise<void> {
  try {
    if (await conflicts.resolveRunning(record)) return;
  } catch (error) {
    return notifyFailure(error, l10n);
  }
  if (silenced.has('health')) return;
  const [showTerminal, never] = [l10n.t('Show Terminal'), l10n.t("Don't Show Again")];
  const chosen = await showWarning(healthText(record, l10n), showTerminal, never);
  if (chosen === never) await silenced.add('health');
  if (chosen === showTerminal) await commands.executeCommand('devServers.showTerminal', record.definition.id);
}
