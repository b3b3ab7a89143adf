import { readdir } from 'node:fs/promises';
import { ExtensionMode, l10n, Uri, window, type ExtensionContext } from 'vscode';
import { AgentDoor } from './activation/agentEndpoint.js';
import { ownNode } from './mcp/bridge/mcpCommand.js';
import type { DevServersApi } from './api.js';
import { mayAutoStart } from './activation/startupTriggers.js';
import { Late } from './activation/lazy.js';
import { lateApi } from './activation/lazyApi.js';
import type { Internals, Main } from './composition/extensionRuntime.js';
import { mcpPlaces } from './composition/mcpPaths.js';
import type { Stage } from './activation/activationContext.js';
import { offerChatTools } from './activation/lazyChatTools.js';
import { LateDocuments } from './activation/lazyDocuments.js';
import { LateTree } from './activation/lazyTree.js';
import { provideMcpServer, type McpProviderPorts } from './vscode/agents/mcpProvider.js';
import { registerCommands } from './vscode/commands/registerCommands.js';
import { StatusBar } from './vscode/statusBar.js';
import { whenTrusted } from './vscode/workspace/trust.js';
import { documentSchemes } from './vscode/logs/documentSchemes.js';

type TestedApi = DevServersApi & { readonly internals?: () => Promise<Internals> };

let end: (() => Promise<void>) | undefined;

/**
 * Shows the editor what there is, and no more: every window pays for it. All else is loaded by the first that needs it.
 * Nothing of the workspace is read and no server started before somebody asks.
 */
export function activate(context: ExtensionContext): TestedApi {
  const log = window.createOutputChannel('Dev Servers', { log: true });
  const main = new Late(async () => (await import('./composition/extensionRuntime.js')).createMain(stage));
  const tree = new LateTree(async () => (await main.get()).tree);
  const { folder } = mcpPlaces(context);
  const stage: Stage = {
    context,
    log,
    statusBar: new StatusBar('devServers.showMenu', l10n),
    view: window.createTreeView('devServers.servers', { treeDataProvider: tree, showCollapseAll: true }),
    door: new AgentDoor({ folder, log, call: async (...args) => (await main.get()).tools.call(...args) }),
  };
  context.subscriptions.push(
    log,
    tree,
    stage.view,
    stage.statusBar,
    stage.door,
    new LateDocuments(documentSchemes.logs, async () => (await main.get()).logDocuments),
    new LateDocuments(documentSchemes.diagnostics, async () => (await main.get()).diagnostics),
    offerChatTools(async (name) => (await main.get()).chatTool(name)),
    provideMcpServer(mcpServer(context, stage.door)),
    ...registerCommands(async (id, target) => (await main.get()).run(id, target)),
  );
  void beginUnasked(context, main).catch((error: unknown) => {
    log.error('What begins with the window could not begin', error);
  });
  end = async () => {
    await Promise.all([stage.door.close(), main.begun?.then((begun) => begun.end())]);
  };
  const api = lateApi({
    get: async () => (await main.get()).api,
    made: main.made.then((made) => made.api),
  });
  const internals = async (): Promise<Internals> => (await main.get()).internals;
  return context.extensionMode === ExtensionMode.Test ? { ...api, internals } : api;
}

/** Ends every server. The editor may cut this short; the process host then does it. */
export async function deactivate(): Promise<void> {
  await end?.();
}

/** Two things begin with a window though nobody has asked, where there is cause: both are cheap to find out. */
async function beginUnasked(context: ExtensionContext, main: Late<Main>): Promise<void> {
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

function mcpServer(context: ExtensionContext, door: AgentDoor): McpProviderPorts {
  const { program, folder } = mcpPlaces(context);
  const { version } = context.extension.packageJSON as { readonly version: string };
  return {
    ...ownNode(),
    label: l10n.t('Dev Servers'),
    args: [program, folder],
    version,
    windowEnv: async () => ({ DEV_SERVERS_WINDOW: (await door.windowId()) ?? '' }),
  };
}
