// @ts-check
import { execFileSync } from 'node:child_process';
import { chmodSync, createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { installOnce } from '../lib/cache.mjs';
import { packagesFolder } from './install.mjs';
import { findInstalledBrowser } from './installedBrowser.mjs';

/**
 * @typedef {object} Browser
 * @property {string} executablePath
 * @property {Record<string, string>} env additional environment variables
 */

/**
 * Returns the browser for the tests: on Linux x64 a Chromium from an npm package, elsewhere an installed browser.
 * @returns {Promise<Browser>}
 */
export async function ensureBrowser() {
  if (process.platform === 'linux' && process.arch === 'x64') return packagedChromium();
  const executablePath = findInstalledBrowser();
  if (executablePath === undefined) {
    throw new Error('The tests need Chrome, Chromium or Edge. Install one, or name it in CHROME_PATH.');
  }
  return { executablePath, env: {} };
}

async function packagedChromium() {
  const folder = await installOnce(
    {
      product: 'Chromium',
      name: 'chromium',
      packages: packagesFolder('chromium'),
      requiredFiles: (root) => [join(root, 'chromium'), join(root, 'libraries'), join(root, 'fonts')],
    },
    async (root) => {
      const parts = join(root, 'node_modules', '@sparticuz', 'chromium', 'bin');
      await decompress(join(parts, 'chromium.br'), join(root, 'chromium'));
      chmodSync(join(root, 'chromium'), 0o755);
      await unpack(join(parts, 'al2023.tar.br'), join(root, 'libraries'));
      await unpack(join(parts, 'fonts.tar.br'), join(root, 'fonts'));
      rmSync(parts, { recursive: true });
    },
  );
  return { executablePath: join(folder, 'chromium'), env: environment(folder) };
}

/**
 * Returns variables that make Chromium use the libraries and fonts of the package if the system lacks them.
 * @param {string} folder
 */
function environment(folder) {
  /** @type {Record<string, string>} */
  const env = {};
  const libraries = [process.env['LD_LIBRARY_PATH'], join(folder, 'libraries', 'lib')];
  if (!hasSystemLibraries()) env['LD_LIBRARY_PATH'] = libraries.filter(Boolean).join(':');
  if (!existsSync('/etc/fonts/fonts.conf')) env['FONTCONFIG_PATH'] = join(folder, 'fonts');
  return env;
}

function hasSystemLibraries() {
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib/x86_64-linux-gnu', '/lib64'];
  return folders.some((folder) => existsSync(join(folder, 'libnss3.so')));
}

/**
 * @param {string} source
 * @param {string} target
 */
function decompress(source, target) {
  return pipeline(createReadStream(source), createBrotliDecompress(), createWriteStream(target));
}

/**
 * @param {string} source a compressed tar file
 * @param {string} folder
 */
async function unpack(source, folder) {
  mkdirSync(folder);
  const archive = `${folder}.tar`;
  await decompress(source, archive);
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  rmSync(archive);
}
