// The MCP server, which brings the libraries of the protocol along.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { wellFormedJson } from '../../core/agents/boundedAnswer.js';
import { currentPlatform } from '../../host/platform/currentPlatform.js';
import { endProcess } from '../../host/system/endProcess.js';
import { liveWindows, type WindowRecord } from '../bridge/windowRecords.js';
import { createMcpServer, type ToolInputSchemas } from './mcpServer.js';

/** Version of the extension, replaced by the build. */
declare const EXTENSION_VERSION: string;

/** Input schemas of package.json, inserted by the build. */
declare const TOOL_INPUT_SCHEMAS: ToolInputSchemas;

/** Returns the windows whose records are in this folder. */
export function windowsIn(folder: string): Promise<readonly WindowRecord[]> {
  return liveWindows(folder, currentPlatform());
}

/**
 * Serves the MCP client at standard input and output, which works in `cwd`, until it closes the input. Then this process
 * ends.
 */
export async function serveClient(
  cwd: string,
  openWindows: () => Promise<readonly WindowRecord[]>,
): Promise<never> {
  const server = createMcpServer(
    { openWindows, cwd, windowId: process.env['DEV_SERVERS_WINDOW'] },
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
  try {
    await server.connect(wellFormedOutput(new StdioServerTransport()));
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    endProcess(1);
  }
  return new Promise<never>(() => undefined);
}

/** Lets no half of a surrogate pair through: many clients refuse the whole message then, or end the connection. */
function wellFormedOutput(transport: StdioServerTransport): StdioServerTransport {
  const send = transport.send.bind(transport);
  transport.send = (message) => send(wellFormedJson(message));
  return transport;
}
