import { EventEmitter, lm, McpStdioServerDefinition, Uri, workspace, type Disposable } from 'vscode';
import { agentsEnabled } from './agentSettings.js';

/** Id of the provider in package.json. */
const providerId = 'devServers.mcp';

export interface McpProviderDeps {
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
  /** Returns variables to add when the server starts. Resolves when this window can be reached. */
  readonly windowEnv: () => Promise<Readonly<Record<string, string>>>;
}

/** Registers the MCP server with the editor, if the editor supports this. */
export function provideMcpServer({
  label,
  command,
  args,
  version,
  env,
  windowEnv,
}: McpProviderDeps): Disposable {
  // Editors that are based on VS Code may lack this API.
  if (typeof lm?.registerMcpServerDefinitionProvider !== 'function') return { dispose: () => undefined };
  const changed = new EventEmitter<void>();
  const settings = workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('devServers.agents.enabled')) changed.fire();
  });
  const provider = lm.registerMcpServerDefinitionProvider(providerId, {
    onDidChangeMcpServerDefinitions: changed.event,
    provideMcpServerDefinitions: () => {
      if (!agentsEnabled()) return [];
      const server = new McpStdioServerDefinition(label, command, [...args], { ...env }, version);
      const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
      if (folder !== undefined) server.cwd = Uri.file(folder);
      return [server];
    },
    resolveMcpServerDefinition: async (server) => {
      if (server instanceof McpStdioServerDefinition) server.env = { ...env, ...(await windowEnv()) };
      return server;
    },
  });
  return {
    dispose: () => {
      for (const each of [provider, settings, changed]) each.dispose();
    },
  };
}
