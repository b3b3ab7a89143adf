import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import { servePage } from './pages.js';

/** Port without the variable `PORT`. */
const defaultPort = 8080;

/**
 * Serves the files of the working folder to this machine alone. It runs in the editor's own Node, so that pages can be
 * viewed on a machine that has nothing but the editor.
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
