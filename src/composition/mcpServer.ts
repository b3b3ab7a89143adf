import { l10n, type ExtensionContext } from 'vscode';
import type { AgentEndpoint } from '../activation/agentEndpoint.js';
import { editorNode } from '../mcp/bridge/mcpCommand.js';
import type { McpProviderDeps } from '../vscode/agents/mcpProvider.js';
import { mcpPaths } from './mcpPaths.js';

/** Describes the MCP server that the editor starts for this window. */
export function mcpServer(
  context: ExtensionContext,
  agentEndpoint: Pick<AgentEndpoint, 'windowId'>,
): McpProviderDeps {
  const { program, folder } = mcpPaths(context);
  const { version } = context.extension.packageJSON as { readonly version: string };
  return {
    ...editorNode(),
    label: l10n.t('Dev Servers'),
    args: [program, folder],
    version,
    windowEnv: async () => ({ DEV_SERVERS_WINDOW: (await agentEndpoint.windowId()) ?? '' }),
  };
}
