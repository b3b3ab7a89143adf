import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a package whose script `dev` starts a server that needs this time to close down. */
export function writeSlowServer(folder: string, closingMs: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { dev: 'node server.mjs' } }));
  writeFileSync(
    join(folder, 'server.mjs'),
    `import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
const server = createServer((_, response) => response.end('ok'));
server.listen(0, '127.0.0.1', () => console.log('listens on http://localhost:' + server.address().port));
process.on('SIGTERM', () => setTimeout(() => {
  appendFileSync('ends', 'clean end\\n');
  process.exit(0);
}, ${closingMs}));
`,
  );
}

/** Returns how often the server has reached its end. */
export function cleanEnds(folder: string): number {
  const file = join(folder, 'ends');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}
