import type { Disposable } from 'vscode';
import { newCrashes } from '../../core/views/crashAlerts.js';
import type { Registry } from '../../core/registry/registry.js';
import type { Timer } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { showError } from '../display/messages.js';
import type { CrashNoticeDeps } from './crashNotice.js';

/** Delay in milliseconds within which the crashes after the loss of a process host are gathered. */
const gatherMs = 1000;

export interface CrashNotificationDeps extends CrashNoticeDeps {
  readonly timer: Timer;
}

/**
 * Notifies the user once of every server that crashes and stays down, and offers the next step: for a port in use, the
 * ways to resolve the conflict. The loss of a process host gets one notification for all its servers.
 */
export function notifyCrashes(registry: Registry, deps: CrashNotificationDeps): Disposable {
  const { timer, l10n } = deps;
  let before = registry.current;
  const unsubscribe = registry.onDidChange((snapshot) => {
    const crashed = newCrashes(before, snapshot);
    before = snapshot;
    for (const record of crashed) if (!isHostLoss(record)) void notifyCrash(record, deps);
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

/** The notice is a separate bundle: most windows see no crash. */
async function notifyCrash(record: ServerRecord, deps: CrashNotificationDeps): Promise<void> {
  const { showCrash } = await import('./crashNotice.js');
  await showCrash(record, deps);
}

function isHostLoss({ state }: ServerRecord): boolean {
  return state.kind === 'crashed' && state.crash.kind === 'failure' && state.crash.reason === 'hostLost';
}
