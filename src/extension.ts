import { l10n, Uri, window, type ExtensionContext } from 'vscode';
import { Lifecycle } from './core/lifecycle.js';
import { Registry } from './core/registry.js';
import type { ViewMoment } from './core/serverView.js';
import { serverFinder } from './findServers.js';
import { HostClient } from './host/client.js';
import { registerCommands } from './vscode/commands.js';
import { tellCrashes } from './vscode/crashNotices.js';
import { Definitions } from './vscode/definitions.js';
import { ServerTerminals } from './vscode/serverTerminals.js';
import { ServerTree } from './vscode/serverTree.js';
import { admission, stopPolicy } from './vscode/settings.js';
import { createStatusBar } from './vscode/statusBar.js';
import { createTreeView } from './vscode/treeView.js';

/** What `activate` gives to other extensions and to the tests. */
export interface Api {
  readonly registry: Registry;
  readonly processes: HostClient;
}

let end: (() => Promise<void>) | undefined;

/** Constructs the parts and connects them. Nothing is read and no process started before somebody looks or asks. */
export function activate(context: ExtensionContext): Api {
  const log = window.createOutputChannel('Dev Servers', { log: true });
  const clock = { now: () => Date.now(), tick: () => performance.now() };
  const moment = (): ViewMoment => ({ now: clock.now(), tick: clock.tick() });
  const registry = new Registry({ admission: admission(l10n), log });
  const processes = new HostClient({
    hostPath: context.asAbsolutePath('dist/host.js'),
    ledgerFolder: Uri.joinPath(context.globalStorageUri, 'ledger').fsPath,
    log,
  });
  const lifecycle = new Lifecycle({
    registry,
    processes,
    stopPolicy,
    clock,
    log,
    newRunId: processes.newRunId,
  });
  const definitions = new Definitions(registry, serverFinder(l10n), log);
  const terminals = new ServerTerminals({ registry, lifecycle, output: processes, l10n, clock, log });
  const tree = new ServerTree({ registry, l10n, moment, ensureDefinitions: () => definitions.ensure() });
  context.subscriptions.push(
    log,
    definitions,
    terminals,
    tree,
    createTreeView(tree, registry, l10n),
    createStatusBar(registry, 'devServers.showMenu', l10n),
    tellCrashes(registry, l10n),
    ...registerCommands({ registry, lifecycle, terminals, definitions, log, l10n, moment }),
  );
  void processes.endOrphans();
  end = () => lifecycle.cleanup().then(() => processes.dispose());
  return { registry, processes };
}

/** Ends every server. The editor may cut this short; the process host then does it. */
export async function deactivate(): Promise<void> {
  await end?.();
}
