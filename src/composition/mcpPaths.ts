import { Uri, type ExtensionContext } from 'vscode';

/** Absolute paths that an MCP server needs. */
export interface McpPaths {
  /** Script of the MCP server. */
  readonly program: string;
  /** Folder in which windows record how they are reached. */
  readonly folder: string;
}

export function mcpPaths(context: ExtensionContext): McpPaths {
  return {
    program: context.asAbsolutePath('dist/mcp.js'),
    folder: Uri.joinPath(context.globalStorageUri, 'agents').fsPath,
  };
}

/** Returns the folder of the scripts that run the command line. */
export function commandFolder(context: ExtensionContext): string {
  return Uri.joinPath(context.globalStorageUri, 'bin').fsPath;
}
