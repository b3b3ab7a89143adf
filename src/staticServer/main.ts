import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import { servePage } from './pages.js';

/** The port where `PORT` names none. */
const defaultPort = 8080;

/**
 * Serves the files of the folder it runs in, to this machine alone. It runs in the editor's own Node, so that pages can be
 * looked at on a machine that has the editor and nothing else.
 */
function main(): void {
  const root = realpathSync(process.cwd());
  const port = Number(process.env['PORT'] ?? defaultPort);
  const server = createServer((request, response) => {
    servePage(root, request, response).catch(() => response.destroy());
  });
  server.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  server.listen(port, 'localhost', () => {
    process.stdout.write(`Serving ${root} at http://localhost:${port}/\n`);
  });
}

main();
