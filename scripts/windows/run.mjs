// @ts-check
import { closeSync, mkdirSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { runToFile } from '../lib/command.mjs';
import { fromRoot, repoRoot } from '../lib/paths.mjs';
import { temporaryFolder } from '../lib/temporaryFolder.mjs';
import { compileFixtures } from './fixtures.mjs';
import { ensureWindowsPackages, ensureWine, namespaces, wineVersion } from './wine.mjs';

const pollMs = 500;

/**
 * Runs a script by the Windows Node under Wine, in the folder of the project, and prints its output. Returns its exit code.
 * @param {string[]} command the script and its arguments
 */
export async function runUnderWine(command) {
  const wine = await ensureWine();
  const packages = await ensureWindowsPackages();
  const { path, remove } = temporaryFolder('wine');
  const fixtures = join(path, 'fixtures');
  const work = join(path, 'work');
  for (const folder of [fixtures, work]) mkdirSync(folder);
  await compileFixtures(fixtures, join(path, 'fixtures.log'));
  const env = {
    ...process.env,
    WINE_FOLDER: wine,
    WINE_VERSION: wineVersion(wine),
    PROJECT: repoRoot,
    NODE_MODULES: packages,
    FIXTURES: fixtures,
    WORK: work,
  };
  const program = [
    'unshare',
    ...namespaces(),
    fromRoot('scripts', 'windows', 'enter.sh'),
    'Z:\\node\\node.exe',
  ];
  const log = join(path, 'output.log');
  const follower = followFile(log);
  // A file, since writing to a Linux pipe fails with EBADF in Node for Windows.
  const code = await runToFile([...program, ...command], { log, env });
  follower.end();
  await remove();
  return code;
}

/**
 * Prints the text that is appended to a file, until `end`.
 * @param {string} path
 */
function followFile(path) {
  closeSync(openSync(path, 'w'));
  const buffer = Buffer.alloc(64 * 1024);
  let position = 0;
  const print = () => {
    const file = openSync(path, 'r');
    for (let size = -1; size !== 0; position += size) {
      size = readSync(file, buffer, 0, buffer.length, position);
      process.stdout.write(buffer.subarray(0, size));
    }
    closeSync(file);
  };
  const timer = setInterval(print, pollMs);
  return {
    end: () => {
      clearInterval(timer);
      print();
    },
  };
}
