import { l10n, Uri, window, type ExtensionContext } from 'vscode';
import type { ActivationContext } from './activation/activationContext.js';
import { AgentEndpoint } from './activation/agentEndpoint.js';
import { Lazy } from './activation/lazy.js';
import { lazyApi, withTestHooks } from './activation/lazyApi.js';
import { registerChatTools } from './activation/lazyChatTools.js';
import { LazyDocuments } from './activation/lazyDocuments.js';
import { LazyTree } from './activation/lazyTree.js';
import { runStartupTriggers } from './activation/startupTriggers.js';
import type { DevServersApi } from './api.js';
import { mcpPaths } from './composition/mcpPaths.js';
import { mcpServer } from './composition/mcpServer.js';
import { provideTerminalCommand } from './composition/terminalCommand.js';
import { provideMcpServer } from './vscode/agents/mcpProvider.js';
import { registerCommands } from './vscode/commands/registerCommands.js';
import { documentSchemes } from './vscode/logs/documentSchemes.js';
import { OutputLog } from './vscode/display/outputLog.js';
import { StatusBar } from './vscode/display/statusBar.js';

let stopEverything: (() => Promise<void>) | undefined;

/**
 * Registers what the editor shows before the extension is used. Every window pays for this, so everything else is
 * loaded on first use; until then, no file of the workspace is read and no server starts.
 */
export function activate(context: ExtensionContext): DevServersApi {
  const activatedAt = performance.now();
  const log = new OutputLog();
  const runtime = new Lazy(async () =>
    (await import('./composition/extensionRuntime.js')).openExtensionRuntime(activation),
  );
  const tree = new LazyTree(async () => (await runtime.get()).tree);
  const activation: ActivationContext = {
    context,
    log,
    msSinceActivation: () => performance.now() - activatedAt,
    statusBar: new StatusBar('devServers.showMenu', l10n),
    view: window.createTreeView('devServers.servers', {
      treeDataProvider: tree,
      showCollapseAll: true,
      canSelectMany: true,
    }),
    agentEndpoint: new AgentEndpoint({
      folder: mcpPaths(context).folder,
      log,
      call: async (...args) => (await runtime.get()).tools.call(...args),
      watchLog: async (...args) => (await runtime.get()).tools.watchLog(...args),
    }),
  };
  const { agentEndpoint, statusBar, view } = activation;
  context.subscriptions.push(
    tree,
    view,
    statusBar,
    agentEndpoint,
    new LazyDocuments(documentSchemes.logs, async () => (await runtime.get()).logDocuments),
    new LazyDocuments(documentSchemes.diagnostics, async () => (await runtime.get()).diagnostics),
    registerChatTools(async (name) => (await runtime.get()).chatTool(name)),
    provideMcpServer(mcpServer(context, agentEndpoint)),
    ...registerCommands(async (...call) => (await runtime.get()).run(...call), l10n),
  );
  provideTerminalCommand(context, log);
  void runStartupTriggers({
    ledgerFolder: Uri.joinPath(context.globalStorageUri, 'ledger').fsPath,
    load: runtime.get,
    log,
  });
  stopEverything = async () => {
    await Promise.all([
      agentEndpoint.close(),
      runtime.peek?.then(
        (loaded) => loaded.shutDown(),
        () => undefined,
      ),
    ]).finally(() => log.dispose());
  };
  const api = lazyApi({
    get: async () => (await runtime.get()).api,
    value: runtime.value.then((loaded) => loaded.api),
  });
  return withTestHooks(api, context.extensionMode, async () => (await runtime.get()).internals);
}

/**
 * Hands every server over to the next window, or stops it. The editor may cut this short; the process host then
 * completes it.
 */
export async function deactivate(): Promise<void> {
  await stopEverything?.();
}
