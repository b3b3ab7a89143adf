import { ExtensionMode, l10n, window, type ExtensionContext } from 'vscode';
import type { DevServersApi } from './api.js';
import { connectAgents } from './connectAgents.js';
import type { Registry } from './core/registry.js';
import type { HostClient } from './host/client.js';
import { configurationFormat } from './configurationFormat.js';
import { mayAutoStart } from './autoStartWish.js';
import { createServices } from './services.js';
import { startWithWindow } from './vscode/autoStart.js';
import { registerCommands } from './vscode/commands.js';
import { ConfigurationEditor } from './vscode/configurationEditor.js';
import { tellCrashes } from './vscode/crashNotices.js';
import { tellHealth } from './vscode/healthNotices.js';
import { HiddenServers } from './vscode/hiddenServers.js';
import { LogDocuments } from './vscode/logDocuments.js';
import { openWhenReady } from './vscode/openWhenReady.js';
import { settleOrphans } from './vscode/orphanPolicy.js';
import { ServerTerminals } from './vscode/serverTerminals.js';
import { ServerTree } from './vscode/serverTree.js';
import { stopInRemovedFolders } from './vscode/removedFolders.js';
import { createStatusBar } from './vscode/statusBar.js';
import { createTreeView } from './vscode/treeView.js';

/** What the tests are given of the inside, beside what is for everybody. */
export interface Internals {
  readonly registry: Registry;
  readonly processes: HostClient;
}

let end: (() => Promise<void>) | undefined;

/** Constructs the parts and connects them. Nothing of the workspace is read and no server started before somebody asks. */
export function activate(context: ExtensionContext): DevServersApi & { readonly internals?: Internals } {
  const log = window.createOutputChannel('Dev Servers', { log: true });
  const services = createServices(context, log);
  const { clock, registry, processes, lifecycle, definitions, diagnostics } = services;
  const moment = () => ({ now: clock.now(), tick: clock.tick() });
  const terminals = new ServerTerminals({ registry, lifecycle, output: processes, l10n, clock, log });
  const hidden = new HiddenServers(context.workspaceState, registry);
  const tree = new ServerTree({
    registry,
    hidden,
    l10n,
    moment,
    ensureDefinitions: () => definitions.begin(),
  });
  const { logs } = processes;
  const agents = connectAgents(context, services, terminals, log);
  const logDocuments = new LogDocuments({ logs, registry, definitions, l10n, log });
  context.subscriptions.push(
    log,
    logDocuments,
    agents,
    services.autoRestart,
    definitions,
    services.configurationProblems,
    openWhenReady(registry, log),
    diagnostics,
    terminals,
    hidden,
    tree,
    createTreeView(tree, registry, l10n),
    createStatusBar(registry, 'devServers.showMenu', l10n),
    stopInRemovedFolders(registry, services.stops, log),
    tellCrashes(registry, services.conflicts, l10n),
    tellHealth(registry, l10n),
    ...registerCommands({
      ...services,
      ...agents,
      configurationEditor: new ConfigurationEditor(configurationFormat(l10n)),
      terminals,
      hidden,
      logs,
      logDocuments,
      log,
      l10n,
      moment,
    }),
  );
  void startWithWindow({
    ...services,
    answers: context.workspaceState,
    isWanted: mayAutoStart,
    log,
    l10n,
  });
  void settleOrphans({ ...services, keeper: processes, l10n, log });
  end = async () => {
    await Promise.all([agents.close(), lifecycle.cleanup()]);
    await processes.dispose();
  };
  return context.extensionMode === ExtensionMode.Test
    ? { ...agents.api, internals: { registry, processes } }
    : agents.api;
}

/** Ends every server. The editor may cut this short; the process host then does it. */
export async function deactivate(): Promise<void> {
  await end?.();
}
