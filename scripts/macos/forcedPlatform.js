// Puts another system in place of this machine's own in a build and in the tests: DEV_SERVERS_PLATFORM=macos runs the code
// for macOS on Linux. Production code knows nothing of it; the modules that decide on the system are replaced here.
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const forced = process.env['DEV_SERVERS_PLATFORM'];
if (forced !== undefined && forced !== 'macos')
  throw new Error(`DEV_SERVERS_PLATFORM=${forced} is not known.`);

const root = path.resolve(__dirname, '..', '..');
const programs = { ps: shim('ps'), lsof: '/usr/bin/lsof', sysctl: shim('sysctl') };

/** @type {Readonly<Record<string, string>>} */
const macosSources = {
  'src/host/platform/currentPlatform.ts': `
    import { darwin } from './darwin.js';
    export const currentPlatform = () => darwin;`,
  'src/host/platform/darwinTools.ts': `export const darwinTools = ${JSON.stringify(programs)};`,
};

/** Sources to use instead of those on the disk, by their absolute paths with slashes. */
const sources = new Map(
  Object.entries(forced === undefined ? {} : macosSources).map(([file, text]) => [
    path.join(root, file).replaceAll('\\', '/'),
    text,
  ]),
);

/** Folder of the build, apart from that of this machine's own system. */
const buildFolder = forced === undefined ? 'dist' : path.join('out', forced);

/** @param {string} name */
function shim(name) {
  return path.join(__dirname, name);
}

/** @type {import('esbuild').Plugin} */
const esbuildPlugin = {
  name: 'forced-platform',
  setup(bundler) {
    bundler.onLoad({ filter: /[/\\]src[/\\]host[/\\]platform[/\\]/ }, ({ path: file }) => ({
      contents: sources.get(file.replaceAll('\\', '/')) ?? readFileSync(file, 'utf8'),
      loader: 'ts',
    }));
  },
};

/** @type {import('vite').Plugin} */
const vitePlugin = {
  name: 'forced-platform',
  enforce: 'pre',
  load: (id) => sources.get(id),
};

module.exports = { buildFolder, forced, esbuildPlugin, vitePlugin };
