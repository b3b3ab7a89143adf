import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { env, l10n, Uri, window, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { AgentSocket, type WindowPlace } from './agents/agentSocket.js';
import { lastingNode, mcpConfiguration, ownNode, writeLauncher } from './agents/mcpCommand.js';
import type { DevServersApi } from './api.js';
import type { AgentPorts } from './core/agents/agentPorts.js';
import { AgentTools } from './core/agents/agentTools.js';
import type { Snapshot } from './core/registry.js';
import { createApi } from './createApi.js';
import { currentPlatform } from './host/platform/platform.js';
import type { Services } from './services.js';
import { offerChatTools } from './vscode/agentChatTools.js';
import { AgentConfirmations } from './vscode/agentConfirmations.js';
import { agentCommandMode, agentsEnabled } from './vscode/agentSettings.js';
import { agentWorkspace, type RealPaths } from './vscode/agentWorkspace.js';
import { provideMcpServer } from './vscode/mcpProvider.js';
import type { ServerTerminals } from './vscode/serverTerminals.js';
import { timer } from './vscode/timer.js';

/** What agents and other extensions are connected by. */
export interface AgentDoors {
  readonly api: DevServersApi;
  copyMcpConfiguration(): Promise<void>;
  /** Resolves when nobody can call any more. */
  close(): Promise<void>;
  dispose(): void;
}

/** Opens the registry to agents: to the chat, by MCP to programs of this user, and to other extensions. */
export function connectAgents(
  context: ExtensionContext,
  services: Services,
  terminals: ServerTerminals,
  log: LogOutputChannel,
): AgentDoors {
  const { registry, processes, definitions } = services;
  const confirmations = new AgentConfirmations({ timer, log, l10n });
  const ports: AgentPorts = {
    ...services,
    logs: processes.logs,
    otherWindows: processes,
    inspector: processes,
    gate: {
      isEnabled: agentsEnabled,
      isTrusted: () => workspace.isTrusted,
      commandMode: agentCommandMode,
      confirm: (question) => confirmations.confirm(question),
    },
    workspace: agentWorkspace(definitions, realPaths),
    onStarted: (id) => {
      const record = registry.find(id);
      if (record) terminals.ensure(record);
    },
    timer,
    log,
    l10n,
  };
  const tools = new AgentTools(ports);
  const folder = Uri.joinPath(context.globalStorageUri, 'agents').fsPath;
  const launcher = Uri.joinPath(context.globalStorageUri, 'mcp.cjs').fsPath;
  const program = context.asAbsolutePath('dist/mcp.js');
  const opened = openSocket(folder, tools, services, log);
  const { version } = context.extension.packageJSON as { readonly version: string };
  const own = ownNode();
  const disposables = [
    offerChatTools({ tools, registry, l10n }),
    provideMcpServer({
      label: l10n.t('Dev Servers'),
      command: own.command,
      args: [program, folder],
      version,
      env: async () => ({ ...own.env, DEV_SERVERS_WINDOW: (await opened.socket)?.windowId ?? '' }),
    }),
    opened,
  ];
  return {
    api: createApi({ ...ports, tools }),
    copyMcpConfiguration: async () => {
      await writeLauncher(launcher, program);
      await env.clipboard.writeText(mcpConfiguration(await lastingNode(), [launcher, folder]));
      void window.showInformationMessage(l10n.t('The MCP configuration is on the clipboard.'));
    },
    close: async () => (await opened.socket)?.close(),
    dispose: () => {
      for (const each of disposables) each.dispose();
    },
  };
}

/** Opens the socket as soon as the extension is active, and keeps others told of this window. */
function openSocket(
  folder: string,
  tools: AgentTools,
  { registry }: Pick<Services, 'registry'>,
  log: LogOutputChannel,
): { readonly socket: Promise<AgentSocket | undefined>; dispose(): void } {
  const call: AgentTools['call'] = (...args) => tools.call(...args);
  const socket = new Promise<void>((begin) => setTimeout(begin, 0))
    .then(async () =>
      AgentSocket.open({ folder, platform: currentPlatform(), log, call }, await placeOfWindow(Date.now())),
    )
    .catch((error: unknown) => {
      log.error('Agents outside of the editor cannot reach this window', error);
      return undefined;
    });
  const move = async (focusedAt: number): Promise<void> =>
    (await socket)?.move(await placeOfWindow(focusedAt));
  let focusedAt = Date.now();
  let ids = idsOf(registry.current);
  const disposables = [
    workspace.onDidChangeWorkspaceFolders(() => void move(focusedAt)),
    window.onDidChangeWindowState(({ focused }) => {
      if (!focused) return;
      focusedAt = Date.now();
      void move(focusedAt);
    }),
    {
      dispose: registry.onDidChange((snapshot) => {
        const now = idsOf(snapshot);
        if (now === ids) return;
        ids = now;
        void socket.then((open) => open?.tellServersChanged());
      }),
    },
  ];
  return {
    socket,
    dispose: () => {
      for (const each of disposables) each.dispose();
      void socket.then((open) => open?.close());
    },
  };
}

async function placeOfWindow(focusedAt: number): Promise<WindowPlace> {
  const paths = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  // Whoever looks for its window knows its folder by the name without links.
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => path)));
  return { folders: [...new Set([...real, ...paths])], focusedAt };
}

function idsOf({ servers }: Snapshot): string {
  return JSON.stringify(servers.map(({ definition }) => definition.id));
}

const realPaths: RealPaths = {
  resolve: (...parts) => resolve(...parts),
  realFolder: async (path) => {
    const real = await realpath(path).catch(() => undefined);
    return real !== undefined && (await stat(real)).isDirectory() ? real : undefined;
  },
  inside: (folder, inner) => {
    const way = relative(folder, inner);
    const isOutside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
    return isOutside ? undefined : way.split(sep).join('/');
  },
};
