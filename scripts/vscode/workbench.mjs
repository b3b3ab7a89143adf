// @ts-check
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { onExit } from '../lib/cleanup.mjs';
import { temporaryFolder } from '../lib/temporaryFolder.mjs';
import { ensureBrowser } from './chromium.mjs';

/**
 * @typedef {object} Workbench
 * @property {import('playwright-core').BrowserContext} context
 * @property {import('playwright-core').Page} page
 * @property {() => Promise<void>} close
 */

/** Keeps Chromium from using the network and from features a container lacks. */
const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The address that opens a workspace.
 * @param {{ serverUrl: string, workspace: string }} options a folder or a `.code-workspace` file by its absolute path
 */
export function workbenchAddress({ serverUrl, workspace }) {
  const kind = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
  return `${serverUrl}/?${new URLSearchParams({ [kind]: workspace }).toString()}`;
}

/**
 * The address that opens a workspace, and runs tests in the extension host of the window.
 * @param {{ serverUrl: string, workspace: string, extension: string, tests: string }} options all by absolute paths;
 *   the tests are a module with a function `run`
 */
export function testAddress({ serverUrl, workspace, extension, tests }) {
  const payload = new URLSearchParams({
    payload: JSON.stringify([
      ['skipWelcome', 'true'],
      ['extensionDevelopmentPath', remote(extension)],
      ['extensionTestsPath', remote(tests)],
    ]),
  });
  return `${workbenchAddress({ serverUrl, workspace })}&${payload.toString()}`;
}

/** @param {string} path */
const remote = (path) => `vscode-remote://remote${encodeURI(path)}`;

/**
 * Starts a Chromium without a window and an empty page in it. It is closed when the script ends.
 * @param {import('playwright-core').BrowserContextOptions} [options]
 * @returns {Promise<Workbench>}
 */
export async function openBrowser(options = {}) {
  const { executablePath, env } = await ensureBrowser();
  const folder = temporaryFolder('browser');
  const context = await chromium.launchPersistentContext(join(folder.path, 'profile'), {
    viewport: { width: 1280, height: 800 },
    ...options,
    executablePath,
    args: browserArguments,
    artifactsDir: join(folder.path, 'artifacts'),
    env: { ...process.env, ...env, TMPDIR: folder.path },
    // The script closes it in its own clean-up, in the right order.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const close = onExit(async () => {
    await context.close();
    await folder.remove();
  });
  const [page = await context.newPage()] = context.pages();
  return { context, page, close };
}
