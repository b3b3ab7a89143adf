// A program of its own, which any MCP client can start: `node mcp.js FOLDER`, where windows write how they are reached.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createMcpServer, type ToolInputSchemas } from './mcpServer.js';

/** Replaced by the version of the extension when it is built. */
declare const EXTENSION_VERSION: string;

/** Replaced by the input schemas of package.json when the program is built. */
declare const TOOL_INPUT_SCHEMAS: ToolInputSchemas;

const usage =
  'Usage: node mcp.js FOLDER\n"Dev Servers: Copy MCP Configuration" in VS Code gives the whole command.\n';

function main([folder]: readonly string[]): void {
  if (folder === undefined) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const windowId = process.env['DEV_SERVERS_WINDOW'];
  const server = createMcpServer(
    { folder, cwd: process.cwd(), windowId },
    EXTENSION_VERSION,
    TOOL_INPUT_SCHEMAS,
  );
  // The client is gone; nothing is left to do.
  process.stdin.on('end', () => process.exit());
  process.stdin.on('close', () => process.exit());
  server.connect(new StdioServerTransport()).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
}

main(process.argv.slice(2));
