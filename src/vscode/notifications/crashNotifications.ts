import { commands, window, type Disposable } from 'vscode';
import { addressInUse } from '../../core/tcpPorts/addressInUse.js';
import { newCrashes, crashText } from '../../core/views/crashAlerts.js';
import type { Registry } from '../../core/registry/registry.js';
import { notifyFailure } from './failureNotifications.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { lastEndOf } from '../../core/server/stateQueries.js';

/**
 * Tells the user of every server that crashes and stays down, once, with what to do next, which for a port that is taken
 * is the choice of a way out; of a lost process host in one notice for all.
 */
export function notifyCrashes(
  registry: Registry,
  conflicts: Pick<PortConflicts, 'resolveCrash'>,
  l10n: Translator,
): Disposable {
  let before = registry.current;
  const unsubscribe = registry.onDidChange((snapshot) => {
    const crashed = newCrashes(before, snapshot);
    before = snapshot;
    for (const record of crashed) if (!isHostLoss(record)) void tell(record, conflicts, l10n);
    if (crashed.some(isHostLoss)) tellHostLoss.later();
  });
  const tellHostLoss = onceIn(1000, () => {
    void window.showErrorMessage(
      l10n.t(
        'The process that runs your dev servers ended unexpectedly, and the servers with it. Start them again.',
      ),
    );
  });
  return {
    dispose: () => {
      unsubscribe();
      tellHostLoss.dispose();
    },
  };
}

async function tell(
  record: ServerRecord,
  conflicts: Pick<PortConflicts, 'resolveCrash'>,
  l10n: Translator,
): Promise<void> {
  const complaint = addressInUse(lastEndOf(record.state)?.tail ?? []);
  try {
    if (complaint && (await conflicts.resolveCrash(record.definition, complaint))) return;
  } catch (error) {
    return notifyFailure(error, l10n);
  }
  const showTerminal = l10n.t('Show Terminal');
  const restart = l10n.t('Restart');
  const chosen = await window.showErrorMessage(crashText(record, l10n), showTerminal, restart);
  if (chosen === showTerminal) await commands.executeCommand('devServers.showTerminal', record.definition.id);
  if (chosen === restart) await commands.executeCommand('devServers.start', record.definition.id);
}

function isHostLoss({ state }: ServerRecord): boolean {
  return state.kind === 'crashed' && state.crash.kind === 'failure' && state.crash.reason === 'hostLost';
}

/** Calls within the time make one call at its end. */
function onceIn(milliseconds: number, action: () => void): Disposable & { later(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    later: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        action();
      }, milliseconds);
    },
    dispose: () => clearTimeout(timer),
  };
}
