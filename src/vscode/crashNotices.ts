import { commands, window, type Disposable } from 'vscode';
import type { Translator } from '../core/ports.js';
import type { Registry, ServerRecord, Snapshot } from '../core/registry.js';
import { serverTitle } from '../core/server.js';
import { stateWords } from '../core/serverView.js';

/** Tells the user of every server that crashes, once, with what to do next; of a lost process host in one notice for all. */
export function tellCrashes(registry: Registry, l10n: Translator): Disposable {
  let before = registry.current;
  const unsubscribe = registry.onDidChange((snapshot) => {
    const crashed = newlyCrashed(before, snapshot);
    before = snapshot;
    for (const record of crashed) if (!isHostLoss(record)) void tell(record, l10n);
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

async function tell({ definition, state }: ServerRecord, l10n: Translator): Promise<void> {
  const showTerminal = l10n.t('Show Terminal');
  const restart = l10n.t('Restart');
  const text = l10n.t('{0} {1}.', serverTitle(definition), stateWords(state, l10n));
  const chosen = await window.showErrorMessage(text, showTerminal, restart);
  if (chosen === showTerminal) await commands.executeCommand('devServers.showTerminal', definition.id);
  if (chosen === restart) await commands.executeCommand('devServers.start', definition.id);
}

function newlyCrashed(before: Snapshot, after: Snapshot): ServerRecord[] {
  const old = new Map(before.servers.map(({ definition, state }) => [definition.id, state]));
  return after.servers.filter(
    ({ definition, state }) => state.kind === 'crashed' && old.get(definition.id) !== state,
  );
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
