// Program that any MCP client can start: `node mcp.js FOLDER`, with the folder of the window records.

import { currentFolder } from '../bridge/currentFolder.js';

const usage =
  'Usage: node mcp.js FOLDER\n"Dev Servers: Copy MCP Configuration" in VS Code copies the complete command.\n';

async function main([folder]: readonly string[]): Promise<void> {
  if (folder === undefined) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const { serveClient, windowsIn } = await import('./serveClient.js');
  await serveClient(currentFolder(), () => windowsIn(folder));
}

void main(process.argv.slice(2));
