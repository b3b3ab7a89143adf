import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { allowedHostsVariable, hostCheck } from './allowedHosts.js';
import { answer, servePage } from './pages.js';
import { parsePort } from './port.js';

/** Time after which a client that reads nothing is disconnected, milliseconds, since it keeps a file open. */
const maxSilenceMs = 300_000;

/**
 * Serves the files of the working folder to this machine alone. It runs in the editor's own Node, so that pages can be
 * viewed on a machine that has nothing but the editor.
 */
function main(): void {
  const root = realpathSync(process.cwd());
  const port = parsePort(process.env['PORT']);
  if (port === undefined) return fail(`PORT is not a port number: ${JSON.stringify(process.env['PORT'])}`);
  let isAllowed = hostCheck(process.env, port);
  const server = createServer((request, response) => {
    // A browser that guesses the type of a file may execute a file that is not a script.
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // A page of another site may not embed a script or an image of this one, since that could reveal its content.
    response.setHeader('Cross-Origin-Resource-Policy', 'same-site');
    if (!isAllowed(request.headers.host)) return answer(response, 403, forbidden);
    servePage(root, request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      answer(response, 500, 'The file cannot be read.\n');
    });
  });
  server.setTimeout(maxSilenceMs);
  server.on('error', ({ message }) => fail(message));
  server.listen(port, 'localhost', () => {
    const { port: actualPort } = server.address() as AddressInfo;
    isAllowed = hostCheck(process.env, actualPort);
    process.stdout.write(`Serving ${root} at http://localhost:${actualPort}/\n`);
  });
}

const forbidden = `This host name is not allowed. Start the server with it in the variable ${allowedHostsVariable}.\n`;

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

main();
