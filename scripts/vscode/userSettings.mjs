// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** User settings that keep a fresh VS Code quiet: it opens nothing and does not access the network. */
const quietSettings = {
  // As on the desktop. In a browser, VS Code saves after a second, even what a test has just changed.
  'files.autoSave': 'off',
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'npm.fetchOnlinePackageInfo': false,
  // The browser runs on the same machine, so it needs no forwarded ports.
  'remote.autoForwardPorts': false,
  'update.mode': 'none',
};

/**
 * Writes the quiet user settings and further ones.
 * @param {string} userData folder `User` in the data of a VS Code
 * @param {Record<string, unknown>} [settings]
 */
export function writeSettings(userData, settings = {}) {
  mkdirSync(userData, { recursive: true });
  writeFileSync(join(userData, 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}
