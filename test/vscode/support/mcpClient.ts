import assert from 'node:assert/strict';
import { commands, env, workspace } from 'vscode';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

interface Configuration {
  readonly mcpServers: Readonly<
    Record<
      string,
      { readonly command: string; readonly args: string[]; readonly env: Record<string, string> }
    >
  >;
}

/** Returns the configuration that the command puts on the clipboard. */
async function mcpConfiguration(): Promise<Configuration['mcpServers'][string]> {
  await commands.executeCommand('devServers.copyMcpConfiguration');
  const { mcpServers } = JSON.parse(await env.clipboard.readText()) as Configuration;
  const server = mcpServers['dev-servers'];
  assert.ok(server);
  return server;
}

/** Returns the folder of the records of windows. */
export async function recordFolder(): Promise<string> {
  return (await mcpConfiguration()).args[1] ?? '';
}

/** Connects an MCP client with the copied configuration, as a terminal agent does. */
export async function mcpClient(name: string): Promise<Client> {
  const server = await mcpConfiguration();
  const client = new Client({ name, version: '1' });
  const cwd = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  await client.connect(
    new StdioClientTransport({ ...server, env: { ...inherited(), ...server.env }, cwd, stderr: 'inherit' }),
  );
  return client;
}

/** Calls a tool. Returns its answer. */
export async function callMcp(
  client: Client,
  name: string,
  input: Record<string, unknown> = {},
): Promise<{ readonly text: string; readonly data: Record<string, unknown>; readonly isError: boolean }> {
  const result = await client.callTool({ name, arguments: input });
  const [part] = result.content as { text: string }[];
  return {
    text: part?.text ?? '',
    data: (result.structuredContent ?? {}) as Record<string, unknown>,
    isError: result.isError === true,
  };
}

function inherited(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '' };
}
