import { commands, type Disposable } from 'vscode';
import { complaintAtEnd } from '../../core/urlDetection/addressInUse.js';
import { newCrashes, crashText } from '../../core/views/crashAlerts.js';
import type { Registry } from '../../core/registry/registry.js';
import { hidesChat } from '../agents/fixWithChat.js';
import { notifyFailure } from './failureNotifications.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import type { Timer, Translator } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { lastEndOf } from '../../core/server/stateQueries.js';
import { showError } from '../display/messages.js';

/** Delay in milliseconds within which the crashes after the loss of a process host are gathered. */
const gatherMs = 1000;

export interface CrashNotificationDeps {
  readonly conflicts: Pick<PortConflicts, 'resolveCrash'>;
  readonly timer: Timer;
  readonly l10n: Translator;
}

/**
 * Notifies the user once of every server that crashes and stays down, and offers the next step: for a port in use, the
 * ways to resolve the conflict. The loss of a process host gets one notification for all its servers.
 */
export function notifyCrashes(
  registry: Registry,
  { conflicts, timer, l10n }: CrashNotificationDeps,
): Disposable {
  let before = registry.current;
  const unsubscribe = registry.onDidChange((snapshot) => {
    const crashed = newCrashes(before, snapshot);
    before = snapshot;
    for (const record of crashed) if (!isHostLoss(record)) void notifyCrash(record, { conflicts, l10n });
    if (crashed.some(isHostLoss)) hostLoss.schedule(gatherMs);
  });
  const hostLoss = new Debouncer(timer, () => {
    void showError(
      l10n.t(
        'The process that runs your dev servers exited unexpectedly, and the servers stopped with it. Start them again.',
      ),
    );
  });
  return {
    dispose: () => {
      unsubscribe();
      hostLoss.cancel();
    },
  };
}

async function notifyCrash(
  record: ServerRecord,
  { conflicts, l10n }: Pick<CrashNotificationDeps, 'conflicts' | 'l10n'>,
): Promise<void> {
  const takenAddress = complaintAtEnd(lastEndOf(record.state));
  try {
    if (takenAddress && (await conflicts.resolveCrash(record.definition, takenAddress))) return;
  } catch (error) {
    return notifyFailure(error, l10n);
  }
  const { id } = record.definition;
  const [restart, showLog, showTerminal] = [l10n.t('Restart'), l10n.t('Show Log'), l10n.t('Show Terminal')];
  const fix = l10n.t('Fix with Chat');
  const buttons = [showTerminal, showLog, ...(hidesChat() ? [] : [fix]), restart];
  const chosen = await showError(crashText(record, l10n), ...buttons);
  if (chosen === showTerminal) await commands.executeCommand('devServers.showTerminal', id);
  if (chosen === showLog) await commands.executeCommand('devServers.showServerLog', id);
  if (chosen === fix) await commands.executeCommand('devServers.fixWithChat', id);
  if (chosen === restart) await commands.executeCommand('devServers.start', id);
}

function isHostLoss({ state }: ServerRecord): boolean {
  return state.kind === 'crashed' && state.crash.kind === 'failure' && state.crash.reason === 'hostLost';
}
