import { readdir } from 'node:fs/promises';
import { ExtensionMode, l10n, Uri, window, type ExtensionContext } from 'vscode';
import { AgentEndpoint } from './activation/agentEndpoint.js';
import { editorNode } from './mcp/bridge/mcpCommand.js';
import type { DevServersApi } from './api.js';
import { mayAutoStart } from './activation/startupTriggers.js';
import { Lazy } from './activation/lazy.js';
import { lazyApi } from './activation/lazyApi.js';
import type { TestHooks, ExtensionRuntime } from './composition/extensionRuntime.js';
import { mcpPaths } from './composition/mcpPaths.js';
import type { ActivationContext } from './activation/activationContext.js';
import { registerChatTools } from './activation/lazyChatTools.js';
import { LazyDocuments } from './activation/lazyDocuments.js';
import { LazyTree } from './activation/lazyTree.js';
import { provideMcpServer, type McpProviderDeps } from './vscode/agents/mcpProvider.js';
import { registerCommands } from './vscode/commands/registerCommands.js';
import { StatusBar } from './vscode/statusBar.js';
import { whenTrusted } from './vscode/workspace/trust.js';
import { documentSchemes } from './vscode/logs/documentSchemes.js';

type TestedApi = DevServersApi & { readonly internals?: () => Promise<TestHooks> };

let end: (() => Promise<void>) | undefined;

/**
 * Shows the editor what there is, and no more: every window pays for it. All else is loaded by the first that needs it.
 * Nothing of the workspace is read and no server started before somebody asks.
 */
export function activate(context: ExtensionContext): TestedApi {
  const log = window.createOutputChannel('Dev Servers', { log: true });
  const main = new Lazy(async () =>
    (await import('./composition/extensionRuntime.js')).createExtensionRuntime(stage),
  );
  const tree = new LazyTree(async () => (await main.get()).tree);
  const { folder } = mcpPaths(context);
  const stage: ActivationContext = {
    context,
    log,
    statusBar: new StatusBar('devServers.showMenu', l10n),
    view: window.createTreeView('devServers.servers', { treeDataProvider: tree, showCollapseAll: true }),
    agentEndpoint: new AgentEndpoint({
      folder,
      log,
      call: async (...args) => (await main.get()).tools.call(...args),
    }),
  };
  context.subscriptions.push(
    log,
    tree,
    stage.view,
    stage.statusBar,
    stage.agentEndpoint,
    new LazyDocuments(documentSchemes.logs, async () => (await main.get()).logDocuments),
    new LazyDocuments(documentSchemes.diagnostics, async () => (await main.get()).diagnostics),
    registerChatTools(async (name) => (await main.get()).chatTool(name)),
    provideMcpServer(mcpServer(context, stage.agentEndpoint)),
    ...registerCommands(async (id, target) => (await main.get()).run(id, target)),
  );
  void beginUnasked(context, main).catch((error: unknown) => {
    log.error('What begins with the window could not begin', error);
  });
  end = async () => {
    await Promise.all([stage.agentEndpoint.close(), main.peek?.then((begun) => begun.end())]);
  };
  const api = lazyApi({
    get: async () => (await main.get()).api,
    value: main.value.then((made) => made.api),
  });
  const internals = async (): Promise<TestHooks> => (await main.get()).internals;
  return context.extensionMode === ExtensionMode.Test ? { ...api, internals } : api;
}

/** Ends every server. The editor may cut this short; the process host then does it. */
export async function deactivate(): Promise<void> {
  await end?.();
}

/** Two things begin with a window though nobody has asked, where there is cause: both are cheap to find out. */
async function beginUnasked(context: ExtensionContext, main: Lazy<ExtensionRuntime>): Promise<void> {
  const settle = async (): Promise<void> => {
    const ledger = Uri.joinPath(context.globalStorageUri, 'ledger').fsPath;
    const records = await readdir(ledger).catch(() => []);
    if (records.length > 0) await (await main.get()).settleOrphans();
  };
  const start = async (): Promise<void> => {
    const trusted = await whenTrusted();
    if (await mayAutoStart()) await (await main.get()).startWithWindow(trusted);
  };
  await Promise.all([settle(), start()]);
}

function mcpServer(context: ExtensionContext, door: AgentEndpoint): McpProviderDeps {
  const { program, folder } = mcpPaths(context);
  const { version } = context.extension.packageJSON as { readonly version: string };
  return {
    ...editorNode(),
    label: l10n.t('Dev Servers'),
    args: [program, folder],
    version,
    windowEnv: async () => ({ DEV_SERVERS_WINDOW: (await door.windowId()) ?? '' }),
  };
}
