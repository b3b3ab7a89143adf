import { Uri, type ExtensionContext } from 'vscode';

/** Absolute paths that an MCP server needs. */
export interface McpPaths {
  /** What is run. */
  readonly program: string;
  /** Where windows write how they are reached. */
  readonly folder: string;
}

export function mcpPaths(context: ExtensionContext): McpPaths {
  return {
    program: context.asAbsolutePath('dist/mcp.js'),
    folder: Uri.joinPath(context.globalStorageUri, 'agents').fsPath,
  };
}
