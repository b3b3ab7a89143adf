// @ts-check
import { hangLimitMs } from '../lib/limits.mjs';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onExit } from '../lib/cleanup.mjs';
import { runLogged } from '../lib/command.mjs';
import { reapOnExit } from '../lib/reaper.mjs';
import { endRun, findRun, runMarker } from '../lib/processes.mjs';
import { temporaryFolder } from '../lib/temporaryFolder.mjs';
import { dataArguments, listenArguments, serverEnvironment } from './serverLaunch.mjs';
import { writeSettings } from './userSettings.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {import('./install.mjs').VsCodeInstall} install
 * @property {number} [port] a free port if it is 0 or missing
 * @property {Record<string, unknown>} [settings] user settings, added to the quiet ones of every run
 * @property {NodeJS.ProcessEnv} [env] additional environment variables
 * @property {string} [vsix] an extension package to install
 * @property {string} [extension] absolute path of an unpacked extension that counts as installed
 * @property {boolean} [forTests] loads only those extensions of VS Code that the tests need: all of them cost a third of
 *   the processor time of a window
 * @property {boolean} [testDriver] allows the URL to name tests for the extension host; VS Code then shows no
 *   notifications
 * @property {boolean} [askForTrust] makes VS Code ask whether to trust the workspace
 */

/**
 * @typedef {object} VsCodeServer
 * @property {string} url
 * @property {number} pid
 * @property {string} logFile
 * @property {string} userData folder with the settings and the data of the extensions
 * @property {() => number[]} extensionHosts process ids, the oldest first
 * @property {() => import('../lib/processes.mjs').ProcessInfo[]} windowProcesses those of the open windows: extension
 *   hosts and all that they started, without the processes that VS Code keeps for the next window
 * @property {() => import('../lib/processes.mjs').ProcessInfo[]} processes all processes that it started, and itself
 * @property {Promise<void>} exited
 * @property {() => Promise<import('../lib/processes.mjs').ProcessInfo[]>} stop ends all its processes and returns those
 *   of other programs that had to be killed
 */

/** Extensions of VS Code that the tests need: JSON with its schemas, and the theme of the settings. */
const testedWith = ['configuration-editing', 'json', 'json-language-features', 'theme-defaults'];

/**
 * Keeps VS Code from asking the login shell of the user for its environment, and gives its terminals a shell without
 * startup files. These can be slow. If one is killed with its window, it can leave a lock behind, as `pyenv init` does,
 * and every later shell of the user waits for it.
 */
const noStartUpFiles = { VSCODE_CLI: '1', SHELL: '/bin/sh' };

/** Time that the process host gets to stop its servers if the script itself is killed, milliseconds. */
const graceMs = 6_000;

/**
 * Starts a VS Code server with its own data folders. It is stopped when the script ends.
 * @param {ServerOptions} options
 * @returns {Promise<VsCodeServer>}
 */
export async function startServer(options) {
  const folder = temporaryFolder('vscode');
  const marker = randomUUID();
  const logFile = join(folder.path, 'server.log');
  const env = serverEnvironment(folder.path, {
    ...(options.forTests === true && noStartUpFiles),
    ...options.env,
    [runMarker]: marker,
  });
  prepareData(folder.path, options);
  if (options.vsix !== undefined) await installExtension(options, options.vsix, folder.path, env);

  const child = spawn(
    options.install.node,
    [options.install.serverMain, ...listenArguments(options), ...dataArguments(folder.path, options)],
    {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const pid = child.pid;
  if (pid === undefined) throw new Error(`Cannot run ${options.install.node}`);
  const exited = new Promise((resolve) => child.once('exit', () => resolve(undefined)));
  const vscode = dirname(dirname(options.install.serverMain));
  const stop = stopOnce(pid, marker, folder, vscode);
  const port = await listeningPort(child, logFile).catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid,
    logFile,
    userData: join(folder.path, 'user', 'User'),
    extensionHosts: () => extensionHosts(pid, marker),
    windowProcesses: () => processesOfWindows(findRun(pid, marker), vscode),
    processes: () => findRun(pid, marker),
    exited: exited.then(() => undefined),
    stop,
  };
}

/**
 * @param {number} pid
 * @param {string} marker
 * @param {import('../lib/temporaryFolder.mjs').TemporaryFolder} folder
 * @param {string} vscode folder in which VS Code is installed
 */
function stopOnce(pid, marker, folder, vscode) {
  const release = reapOnExit({ root: pid, marker, graceMs });
  return onExit(async () => {
    try {
      // VS Code takes seconds to exit if there is no other process left to end.
      const survivors = await endRun(pid, marker, hangLimitMs, { killsLoneRoot: true });
      // The time that the processes of VS Code itself take to exit does not depend on the extension.
      return survivors.filter(({ command }) => !command.includes(vscode));
    } finally {
      release();
      await folder.remove();
    }
  });
}

/**
 * @param {string} folder
 * @param {ServerOptions} options
 */
function prepareData(folder, { install, settings, extension, forTests }) {
  const extensions = join(folder, 'extensions');
  for (const path of [extensions, join(folder, 'temporary')]) mkdirSync(path);
  if (extension !== undefined) symlinkSync(extension, join(extensions, 'under-development'), 'junction');
  writeSettings(join(folder, 'user', 'User'), settings);
  if (!forTests) return;
  mkdirSync(join(folder, 'builtin'));
  for (const name of testedWith) {
    const source = join(dirname(dirname(install.serverMain)), 'extensions', name);
    symlinkSync(source, join(folder, 'builtin', name), 'junction');
  }
}

/**
 * @param {ServerOptions} options
 * @param {string} vsix
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function installExtension({ install }, vsix, folder, env) {
  const command = [install.node, install.serverMain, ...dataArguments(folder), '--install-extension', vsix];
  await runLogged(`Installing ${vsix}`, command, { env, log: join(folder, 'install.log') });
}

/**
 * Resolves with the port when the server reports that it listens.
 * @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, import('node:stream').Readable>} child
 * @param {string} logFile
 * @returns {Promise<number>}
 */
function listeningPort(child, logFile) {
  const log = createWriteStream(logFile);
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (/** @type {string} */ reason) => {
      clearTimeout(timer);
      reject(
        new Error(`The VS Code server ${reason}.\n${output.trimEnd().split('\n').slice(-15).join('\n')}`),
      );
    };
    const timer = setTimeout(() => fail(`did not start within ${hangLimitMs / 1000} s`), hangLimitMs);
    const read = (/** @type {Buffer} */ chunk) => {
      log.write(chunk);
      output = (output + chunk.toString()).slice(-10_000);
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', (error) => fail(`cannot run: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended early (${signal ?? `exit code ${code}`})`));
  });
}

/**
 * Leaves out the processes of VS Code except extension hosts, and the shells of its own terminals, which it keeps for a
 * window that comes back.
 * @param {import('../lib/processes.mjs').ProcessInfo[]} run
 * @param {string} vscode folder in which VS Code is installed
 */
function processesOfWindows(run, vscode) {
  const terminals = run.find(({ command }) => command.includes('--type=ptyHost'))?.pid;
  return run.filter(
    ({ parent, command }) => isExtensionHost(command) || (!command.includes(vscode) && parent !== terminals),
  );
}

/** @param {string} command */
const isExtensionHost = (command) => command.includes('--type=extensionHost');

/**
 * @param {number} server
 * @param {string} marker
 */
function extensionHosts(server, marker) {
  return findRun(server, marker)
    .filter(({ parent, command }) => parent === server && isExtensionHost(command))
    .map(({ pid }) => pid)
    .toSorted((first, second) => first - second);
}
