// @ts-check
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const commands = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'chrome',
];

const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/** Returns the path of an installed Chrome, Chromium or Edge. CHROME_PATH takes precedence. */
export function findInstalledBrowser() {
  const named = process.env['CHROME_PATH'];
  const application = macApplications.find((file) => isExecutable(file));
  return named ?? application ?? commands.map(findOnPath).find((file) => file !== undefined);
}

/**
 * Returns the path of a command; `undefined` if it is not installed.
 * @param {string} command
 */
export function findOnPath(command) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  const files = folders.flatMap((folder) => endings.map((ending) => join(folder, command + ending)));
  return files.find((file) => isExecutable(file));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
