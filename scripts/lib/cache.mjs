// @ts-check
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { messageOf } from './cleanup.mjs';
import { runLogged } from './command.mjs';
import { withLock } from './lock.mjs';
import { cacheRoot } from './paths.mjs';

/**
 * @typedef {object} Installation
 * @property {string} product name for messages
 * @property {string} name first part of the name of its folder
 * @property {string} packages folder with the list of packages
 * @property {(folder: string) => string[]} [requiredFiles] files without which the installation is broken, besides those of
 *   the packages
 */

/** Files that decide which packages are installed. */
const listFiles = ['.npmrc', 'package-lock.json', 'package.json'];

/** Increase it when the steps of an installation change, so that older ones are redone. */
const recipe = 2;
const stampName = 'complete.txt';

/** Time after which an installation that no clone has used is removed, milliseconds. */
const unusedMs = 90 * 24 * 60 * 60 * 1000;

/**
 * Installs packages into a folder of the cache, whose name contains a hash of the list of packages. A complete folder is
 * kept. A broken or interrupted installation is made again. A second command at the same time waits for the first.
 * @param {Installation} installation
 * @param {(folder: string, log: string) => Promise<void>} [action] runs after the packages are installed
 * @returns {Promise<string>} the folder
 */
export async function installOnce(installation, action = () => Promise.resolve()) {
  const { product, name, packages } = installation;
  const folder = join(cacheRoot, `${name}-${fingerprint(packages).slice(0, 12)}`);
  if (problemOf(folder, installation) === undefined) return folder;
  await withLock(`${folder}.lock`, async () => {
    const problem = problemOf(folder, installation);
    if (problem === undefined) return;
    if (problem !== '') console.log(`${product} is broken and is installed again: ${problem}`);
    const started = Date.now();
    const log = `${folder}.log`;
    console.log(`Setting up ${product} (once; log: ${log})`);
    for (const path of [folder, log]) rmSync(path, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(packages, folder, { recursive: true, filter: (file) => basename(file) !== 'node_modules' });
    await runLogged(`Installing the packages of ${product}`, npm('ci', '--ignore-scripts'), {
      cwd: folder,
      log,
    });
    await action(folder, log);
    writeFileSync(join(folder, stampName), '');
    const left = problemOf(folder, installation);
    if (left !== undefined) throw new Error(`${product} is incomplete: ${left} Log: ${log}`);
    removeUnused(name);
    console.log(`Set up ${product} in ${Math.round((Date.now() - started) / 1000)} s`);
  });
  return folder;
}

/**
 * Returns an npm command that prints no advice.
 * @param {string[]} args
 */
export const npm = (...args) => ['npm', ...args, '--no-audit', '--no-fund'];

/**
 * Returns why an installation cannot be used: empty if there is none, a sentence if it is broken. Marks one that can be
 * used as used.
 * @param {string} folder
 * @param {Installation} installation
 */
function problemOf(folder, { requiredFiles = () => [] }) {
  const stamp = join(folder, stampName);
  if (!existsSync(stamp)) return '';
  try {
    const broken = [...packageFiles(folder), ...requiredFiles(folder)].find(
      (file) => !existsSync(file) || statSync(file).size === 0,
    );
    if (broken !== undefined) return `${broken} is missing or empty.`;
  } catch (error) {
    return messageOf(error);
  }
  utimesSync(stamp, new Date(), new Date());
  return undefined;
}

/**
 * Returns a file of every installed package. npm lists those that it has installed, if there are any.
 * @param {string} folder
 */
function packageFiles(folder) {
  const installed = join(folder, 'node_modules', '.package-lock.json');
  const file = existsSync(installed) ? installed : join(folder, 'package-lock.json');
  /** @type {{ packages: Record<string, object> }} */
  const list = JSON.parse(readFileSync(file, 'utf8'));
  return Object.keys(list.packages).map((path) => join(folder, path, 'package.json'));
}

/** @param {string} folder */
function fingerprint(folder) {
  const hash = createHash('sha256').update(`${recipe} ${process.platform} ${process.arch}`);
  const files = listFiles.map((name) => join(folder, name)).filter((file) => existsSync(file));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/** @param {string} name */
function removeUnused(name) {
  const folders = readdirSync(cacheRoot).filter((each) => /^(.+)-[\da-f]{12}$/.exec(each)?.[1] === name);
  for (const folder of folders.map((each) => join(cacheRoot, each))) {
    const stamp = join(folder, stampName);
    if (existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs > unusedMs)
      rmSync(folder, { recursive: true, force: true });
  }
}
