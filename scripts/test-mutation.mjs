// @ts-check
// Runs mutation tests of src/core: changes the code in many small ways and checks that a unit test fails each time.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';
import { installOnce } from './lib/cache.mjs';
import { packagesFolder } from './vscode/install.mjs';
import { nodePackage } from './vscode/nativeModules.mjs';

const help = `Usage: node scripts/test-mutation.mjs [--mutate GLOB]

--mutate   files to change, or lines of one file as in src/core/registry/locks.ts:10-20; all of src/core by default`;

/** Few schedules and cuts, the same for every mutant: a good test does not need thousands to detect one. */
const env = {
  ...process.env,
  INTERLEAVING_RUNS: '100',
  INTERLEAVING_SEED: '1',
  INTERLEAVING_SHRINK: 'no',
  BANNER_CUT_STEP: '41',
};

await runScript(async () => {
  const { values } = readArguments({ mutate: { type: 'string' } }, help);
  const packages = packagesFolder('mutation');
  const folder = await installOnce({ product: 'Stryker', name: 'mutation', packages });
  return runVisible(
    [
      nodeBinary(folder),
      join(folder, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'),
      'run',
      fromRoot('scripts', 'mutation', 'stryker.config.json'),
      '--plugins',
      join(folder, 'node_modules', '@stryker-mutator', 'vitest-runner', 'dist', 'src', 'index.js'),
      ...(values.mutate === undefined ? [] : ['--mutate', values.mutate]),
    ],
    { cwd: repoRoot, env },
  );
});

/**
 * Returns the Node for Stryker, which needs a newer one than the tests.
 * @param {string} folder
 */
function nodeBinary(folder) {
  const bin = join(nodePackage(folder), 'bin');
  return (
    ['node', 'node.exe'].map((name) => join(bin, name)).find((file) => existsSync(file)) ?? process.execPath
  );
}
