import { EventEmitter, lm, McpStdioServerDefinition, Uri, workspace, type Disposable } from 'vscode';
import { agentsEnabled } from './agentSettings.js';

/** The id under which the manifest knows the provider. */
const providerId = 'devServers.mcp';

export interface McpProviderDeps {
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
  readonly env: Readonly<Record<string, string>>;
  /** What is added to the environment when the server is started; resolves when this window can be reached. */
  readonly windowEnv: () => Promise<Readonly<Record<string, string>>>;
}

/** Tells the editor of our MCP server, where it can be told. */
export function provideMcpServer({
  label,
  command,
  args,
  version,
  env,
  windowEnv,
}: McpProviderDeps): Disposable {
  // An editor that is made of VS Code may lack it.
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
