// @ts-check
// Changes src/core in many small ways and looks whether a unit test notices each.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { cacheRoot, fromRoot, repoRoot } from './lib/paths.mjs';
import { installOnce, packagesFolder } from './vscode/install.mjs';
import { nodePackage } from './vscode/nativeModules.mjs';

const help = `Usage: node scripts/test-mutation.mjs [--mutate GLOB]

--mutate   the files to change, or lines of one as in src/core/registry/locks.ts:10-20; all of src/core by default`;

/** The same schedules and cuts for every mutant, and few of them: what needs thousands to be found is no good test. */
const env = {
  ...process.env,
  INTERLEAVING_RUNS: '100',
  INTERLEAVING_SEED: '1',
  INTERLEAVING_SHRINK: 'no',
  BANNER_CUT_STEP: '41',
};

await runScript(async () => {
  const { values } = readArguments({ mutate: { type: 'string' } }, help);
  const folder = join(cacheRoot, 'mutation');
  await installOnce('Stryker', packagesFolder('mutation'), folder, () => Promise.resolve());
  return runVisible(
    [
      nodeBinary(folder),
      join(folder, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'),
      'run',
      fromRoot('scripts', 'mutation', 'stryker.config.json'),
      '--plugins',
      fromRoot('scripts', 'mutation', 'mochaRunner.mjs'),
      ...(values.mutate === undefined ? [] : ['--mutate', values.mutate]),
    ],
    { cwd: repoRoot, env },
  );
});

/**
 * Stryker needs a newer Node than the tests do.
 * @param {string} folder
 */
function nodeBinary(folder) {
  const bin = join(nodePackage(folder), 'bin');
  return (
    ['node', 'node.exe'].map((name) => join(bin, name)).find((file) => existsSync(file)) ?? process.execPath
  );
}
