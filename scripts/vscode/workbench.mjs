// @ts-check
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { onExit } from '../lib/cleanup.mjs';
import { hangLimitMs } from '../lib/limits.mjs';
import { temporaryFolder } from '../lib/temporaryFolder.mjs';
import { ensureBrowser } from './chromium.mjs';

/**
 * @typedef {object} Workbench
 * @property {import('@playwright/test').BrowserContext} context
 * @property {import('@playwright/test').Page} page
 * @property {() => Promise<void>} close
 */

/** Keeps Chromium from using the network, and features that a container lacks. */
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
 * Returns the URL that opens a workspace.
 * @param {{ serverUrl: string, workspace: string }} options `workspace` is the absolute path of a folder or of a
 *   `.code-workspace` file
 */
export function workbenchAddress({ serverUrl, workspace }) {
  const kind = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
  return `${serverUrl}/?${new URLSearchParams({ [kind]: workspace }).toString()}`;
}

/**
 * Returns the URL that opens a workspace and runs tests in the extension host of the window.
 * @param {{ serverUrl: string, workspace: string, extension: string, tests: string }} options absolute paths; `tests` is
 *   a module with a function `run`
 */
export function testAddress({ serverUrl, workspace, extension, tests }) {
  const payload = new URLSearchParams({
    payload: JSON.stringify([
      ['skipWelcome', 'true'],
      ['extensionDevelopmentPath', remoteUri(extension)],
      ['extensionTestsPath', remoteUri(tests)],
    ]),
  });
  return `${workbenchAddress({ serverUrl, workspace })}&${payload.toString()}`;
}

/** @param {string} path */
const remoteUri = (path) => `vscode-remote://remote${encodeURI(path)}`;

/**
 * Starts a headless Chromium with an empty page. It is closed when the script ends.
 * @param {import('@playwright/test').BrowserContextOptions} [options]
 * @returns {Promise<Workbench>}
 */
export async function openBrowser(options = {}) {
  const { executablePath, env } = await ensureBrowser();
  const folder = temporaryFolder('browser');
  const context = await chromium.launchPersistentContext(join(folder.path, 'profile'), {
    viewport: { width: 1280, height: 800 },
    // VS Code then draws no animations, which cost processor time here.
    reducedMotion: 'reduce',
    ...options,
    executablePath,
    timeout: hangLimitMs,
    args: browserArguments,
    artifactsDir: join(folder.path, 'artifacts'),
    env: { ...process.env, ...env, TMPDIR: folder.path },
    // The clean-up of the script closes the browser, in the right order.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const close = onExit(async () => {
    await context.close();
    await folder.remove();
  });
  context.setDefaultTimeout(hangLimitMs);
  const [page = await context.newPage()] = context.pages();
  return { context, page, close };
}
