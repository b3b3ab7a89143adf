import * as paths from 'node:path';
import { env, l10n, Uri, workspace, type ExtensionContext, type LanguageModelTool } from 'vscode';
import type { AgentEndpoint } from '../activation/agentEndpoint.js';
import { installedNode, mcpConfiguration, writeLauncher } from '../mcp/bridge/mcpCommand.js';
import type { DevServersApi } from '../api.js';
import type { AgentToolDeps } from '../core/agents/context.js';
import { AgentTools } from '../core/agents/tools.js';
import type { ToolName } from '../core/agents/names.js';
import type { Registry } from '../core/registry/registry.js';
import { createPublicApi } from './publicApi.js';
import { commandFolder, mcpPaths } from './mcpPaths.js';
import { missingIn } from './missingFiles.js';
import { worktreesOf } from './worktrees.js';
import type { Services } from './services.js';
import type { ActivationContext } from '../activation/activationContext.js';
import { chatTool } from '../vscode/agents/chatTool.js';
import { AgentConfirmations } from '../vscode/agents/confirmations.js';
import { agentCommandMode, agentsEnabled } from '../vscode/agents/agentSettings.js';
import { agentWorkspace, type RealPaths } from '../vscode/agents/agentWorkspace.js';
import type { ServerTerminals } from '../vscode/terminals/serverTerminals.js';
import { fileStatus, realPath } from '../host/system/boundedReads.js';
import { timer } from '../host/system/timers.js';
import type { Snapshot } from '../core/registry/snapshot.js';
import { showError, showInformation } from '../vscode/display/messages.js';
import { relativeInside } from '../core/paths.js';
import { errorMessage } from '../core/errorMessage.js';

/** Access for agents and other extensions. */
export interface AgentAccess {
  readonly tools: AgentTools;
  readonly api: DevServersApi;
  chatTool(name: ToolName): LanguageModelTool<object>;
  copyMcpConfiguration(): Promise<void>;
  writeMcpConfiguration(): Promise<void>;
  installCommand(): Promise<void>;
  dispose(): void;
}

/** Creates everything that agents use: the chat tools, the calls of MCP servers, and the API for other extensions. */
export function createAgentAccess(
  { context, log, agentEndpoint }: ActivationContext,
  services: Services,
  terminals: ServerTerminals,
): AgentAccess {
  const { registry, processes, definitions } = services;
  const confirmations = new AgentConfirmations({ timer, log, l10n });
  const deps: AgentToolDeps = {
    ...services,
    logs: processes.logs,
    inspector: processes,
    permissions: {
      isEnabled: agentsEnabled,
      isTrusted: () => workspace.isTrusted,
      commandMode: agentCommandMode,
      confirm: (question) => confirmations.confirm(question),
    },
    workspace: { ...agentWorkspace(definitions, realPaths), ...worktreesOf(definitions), missingIn },
    onStarted: (id) => {
      const record = registry.find(id);
      if (record) terminals.ensure(record);
    },
    timer,
    log,
    l10n,
  };
  const tools = new AgentTools(deps);
  const launcher = Uri.joinPath(context.globalStorageUri, 'mcp.cjs').fsPath;
  const { program, folder } = mcpPaths(context);
  return {
    tools,
    api: createPublicApi({ ...deps, tools }),
    chatTool: (name) => chatTool(name, { tools, registry, l10n }),
    copyMcpConfiguration: async () => {
      await writeLauncher(launcher, program);
      await env.clipboard.writeText(mcpConfiguration(await installedNode(), [launcher, folder]));
      void showInformation(l10n.t('The MCP configuration was copied to the clipboard.'));
    },
    writeMcpConfiguration: async () => {
      await writeLauncher(launcher, program);
      const { writeMcpConfiguration } = await import('./mcpFiles.js');
      await writeMcpConfiguration(await installedNode(), [launcher, folder], l10n);
    },
    installCommand: () => installTerminalCommand(context),
    dispose: notifyAgentsOfServers(registry, agentEndpoint),
  };
}

/** Makes `devservers` available outside the editor's terminals, and tells the user where it is. */
async function installTerminalCommand(context: ExtensionContext): Promise<void> {
  const { installCommand, writeCommandScripts } = await import('./commandScripts.js');
  const folder = commandFolder(context);
  try {
    await writeCommandScripts(folder, context.asAbsolutePath('dist/cli.js'));
    const { path, isOnPath } = await installCommand(folder, l10n);
    const text = isOnPath
      ? l10n.t('{0} is installed.', path)
      : l10n.t('{0} is installed. Add its folder to the PATH of your shell.', path);
    void showInformation(text);
  } catch (error) {
    const reason = errorMessage(error);
    void showError(l10n.t('The command could not be installed: {0}', reason));
  }
}

/** Notifies agents when servers are added or removed. Returns the function that stops this. */
function notifyAgentsOfServers(
  registry: Registry,
  agentEndpoint: Pick<AgentEndpoint, 'notifyServersChanged'>,
): () => void {
  let ids = serverIdsKey(registry.current);
  return registry.onDidChange((snapshot) => {
    const now = serverIdsKey(snapshot);
    if (now === ids) return;
    ids = now;
    agentEndpoint.notifyServersChanged();
  });
}

function serverIdsKey({ servers }: Snapshot): string {
  return JSON.stringify(servers.map(({ definition }) => definition.id));
}

const realPaths: RealPaths = {
  resolve: (...parts) => paths.resolve(...parts),
  realFolder: async (path) => {
    const real = await realPath(path).catch(() => undefined);
    return real !== undefined && (await fileStatus(real)).isDirectory() ? real : undefined;
  },
  inside: (folder, inner) => relativeInside(folder, inner, paths)?.replaceAll(paths.sep, '/'),
};
