// @ts-check
import { spawn } from 'node:child_process';
import { findInstalledBrowser, findOnPath } from './installedBrowser.mjs';

/**
 * Opens a URL in the user's browser, if there is one. The browser is never closed.
 * @param {string} url
 */
export function openInBrowser(url) {
  const [file, ...args] = browserCommand(url);
  if (file === undefined) return;
  const child = spawn(file, args, { detached: true, stdio: 'ignore' });
  // The URL is printed as well, so opening it is optional.
  child.once('error', () => undefined);
  child.unref();
}

/**
 * @param {string} url
 * @returns {string[]}
 */
function browserCommand(url) {
  if (process.platform === 'darwin') return ['open', url];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', '', url];
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return [];
  const opener = findOnPath('xdg-open') ?? findInstalledBrowser();
  return opener === undefined ? [] : [opener, url];
}
