import { commands, window, type Disposable } from 'vscode';
import { newHealthProblems, healthText } from '../../core/views/healthAlerts.js';
import type { Registry } from '../../core/registry/registry.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';

/** Notifies the user once of every running server that becomes unhealthy. */
export function notifyHealthProblems(registry: Registry, l10n: Translator): Disposable {
  let before = registry.current;
  const unsubscribe = registry.onDidChange((snapshot) => {
    const troubled = newHealthProblems(before, snapshot);
    before = snapshot;
    for (const record of troubled) void notifyHealthProblem(record, l10n);
  });
  return { dispose: unsubscribe };
}

async function notifyHealthProblem(record: ServerRecord, l10n: Translator): Promise<void> {
  const showTerminal = l10n.t('Show Terminal');
  const chosen = await window.showWarningMessage(healthText(record, l10n), showTerminal);
  if (chosen === showTerminal) await commands.executeCommand('devServers.showTerminal', record.definition.id);
}
