// Replaces the system of this machine by another one in a build and in the tests: DEV_SERVERS_PLATFORM=macos runs the code
// for macOS on Linux. Production code does not know this; the modules that depend on the system are replaced here.
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

const forced = process.env['DEV_SERVERS_PLATFORM'];
if (forced !== undefined && forced !== 'macos')
  throw new Error(`DEV_SERVERS_PLATFORM=${forced} is not known.`);

const root = path.resolve(__dirname, '..', '..');
/**
 * The edits of each file: a text that must occur exactly once, and its replacement.
 * @type {Readonly<Record<string, ReadonlyArray<readonly [from: string, to: string]>>>}
 */
const macosEdits = {
  'src/host/platform/currentPlatform.ts': [
    ["if (process.platform === 'linux') return linux;", ''],
    ["process.platform === 'win32' ? windows : darwin", 'darwin'],
  ],
  'src/host/platform/darwinTools.ts': [
    ["'/bin/ps'", JSON.stringify(shim('ps'))],
    ["'/usr/sbin/lsof'", JSON.stringify(shim('lsof'))],
    ["'/usr/sbin/sysctl'", JSON.stringify(shim('sysctl'))],
  ],
};

/** Sources to use instead of those on the disk, by their absolute paths with slashes. */
const sources = new Map(
  Object.entries(forced === undefined ? {} : macosEdits).map(([name, edits]) => {
    const file = path.join(root, name).replaceAll('\\', '/');
    return [file, edits.reduce((text, edit) => edited(name, text, edit), readFileSync(file, 'utf8'))];
  }),
);

/**
 * @param {string} name
 * @param {string} text
 * @param {readonly [from: string, to: string]} edit
 */
function edited(name, text, [from, to]) {
  const [before, after, ...more] = text.split(from);
  if (after === undefined || more.length > 0) throw new Error(`${from} must occur once in ${name}.`);
  return before + to + after;
}

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
