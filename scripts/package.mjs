// Packs the extension into dev-server-registry-<version>.vsix; `--out <file>` packs it elsewhere.
// vsce runs the production build (`vscode:prepublish`) first, so the package never holds an old one.
import { createVSIX } from '@vscode/vsce';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hasPublicRepository } from './lib/repository.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
const packagePath =
  out === undefined ? join(root, `${manifest.name}-${manifest.version}.vsix`) : resolve(out);

if (process.platform === 'win32') {
  console.warn('Windows has no executable files, so this package does not start servers on macOS.');
}
await mkdir(dirname(packagePath), { recursive: true });
await createVSIX({
  cwd: root,
  packagePath,
  // The bundles hold every library but node-pty, which the build has put beside them.
  dependencies: false,
  // Relative links of the README lead to the repository, once there is a public one.
  rewriteRelativeLinks: hasPublicRepository(manifest),
});
