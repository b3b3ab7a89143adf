// Packages the extension as dev-server-registry-<version>.vsix, or as the file that `--out <file>` names.
// vsce runs the production build (`vscode:prepublish`) first, so the package never contains an old one.
import { createVSIX } from '@vscode/vsce';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fromRoot, repoRoot } from './lib/paths.mjs';

const manifest = JSON.parse(await readFile(fromRoot('package.json'), 'utf8'));
const { out } = parseArgs({ options: { out: { type: 'string' } } }).values;
const packagePath = out === undefined ? fromRoot(`${manifest.name}-${manifest.version}.vsix`) : resolve(out);

if (process.platform === 'win32') {
  console.warn(
    'Windows has no executable bit, so a package that is built here cannot start servers on macOS.',
  );
}
await mkdir(dirname(packagePath), { recursive: true });
await createVSIX({
  cwd: repoRoot,
  packagePath,
  // The bundles contain all libraries except node-pty, which the build copies next to them.
  dependencies: false,
  // The page of an extension supports only absolute addresses: those of the newest commit.
  baseContentUrl: `${manifest.repository}/blob/HEAD`,
  baseImagesUrl: `${manifest.repository}/raw/HEAD`,
});
