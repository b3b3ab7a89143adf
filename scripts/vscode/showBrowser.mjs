// @ts-check
import { spawn } from 'node:child_process';
import { findInstalledBrowser, findOnPath } from './installedBrowser.mjs';

/**
 * Shows an address in the person's browser, where there is one. The browser is theirs and is never closed.
 * @param {string} url
 */
export function showInBrowser(url) {
  const [file, ...args] = browserCommand(url);
  if (file === undefined) return;
  const child = spawn(file, args, { detached: true, stdio: 'ignore' });
  // The address is printed as well, so nobody depends on this.
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
