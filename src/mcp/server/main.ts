// Program that any MCP client can start: `node mcp.js FOLDER`, with the folder of the window records.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { endProcess } from '../../host/system/endProcess.js';
import { wellFormedJson } from '../../core/agents/boundedAnswer.js';
import { createMcpServer, type ToolInputSchemas } from './mcpServer.js';

/** Version of the extension, replaced by the build. */
declare const EXTENSION_VERSION: string;

/** Input schemas of package.json, inserted by the build. */
declare const TOOL_INPUT_SCHEMAS: ToolInputSchemas;

const usage =
  'Usage: node mcp.js FOLDER\n"Dev Servers: Copy MCP Configuration" in VS Code copies the complete command.\n';

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
  // Without its client, the server has nothing to do.
  process.stdin.on('end', () => endProcess(0));
  process.stdin.on('close', () => endProcess(0));
  // The transport gives up a message that is too large, and then hears neither the next one nor the end of its client.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no event target
  server.onclose = () => {
    process.stderr.write('The client has sent a message that is too large.\n');
    endProcess(1);
  };
  server.connect(wellFormedOutput(new StdioServerTransport())).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    endProcess(1);
  });
}

/** Lets no half of a surrogate pair through: many clients refuse the whole message then, or end the connection. */
function wellFormedOutput(transport: StdioServerTransport): StdioServerTransport {
  const send = transport.send.bind(transport);
  transport.send = (message) => send(wellFormedJson(message));
  return transport;
}

main(process.argv.slice(2));
