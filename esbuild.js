// Builds the extension and the process host into dist/. `--production` minifies and leaves out the source maps.
'use strict';

const esbuild = require('esbuild');
const { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { configurationSchema } = require('./scripts/configurationSchema.js');

const production = process.argv.includes('--production');
const outDir = path.join(__dirname, 'dist');

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // The oldest runtime: the process host also runs under plain Node 20 in the process tests.
  target: 'node20',
  // Some libraries ship a UMD main whose require calls esbuild cannot see; their ES module build bundles well.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * What is named in an `import()` becomes a bundle of its own beside the one that names it, and is loaded when it is
 * needed: it brings a large library along.
 * @param {Set<string>} parts
 * @returns {import('esbuild').Plugin}
 */
const separateParts = (parts) => ({
  name: 'separate-parts',
  setup(bundler) {
    bundler.onResolve({ filter: /^\./ }, ({ kind, path: name, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      parts.add(path.join(resolveDir, name).replace(/\.js$/, '.ts'));
      return { path: `./${path.basename(name)}`, external: true };
    });
  },
});

async function buildExtension() {
  const built = new Set();
  for (let entryPoints = ['src/extension.ts']; entryPoints.length > 0;) {
    const parts = new Set();
    await esbuild.build({
      ...common,
      entryPoints,
      outdir: 'dist',
      entryNames: '[name]',
      external: ['vscode'],
      // As a `require`, which is what the extension host gives to extensions.
      supported: { 'dynamic-import': false },
      plugins: [separateParts(parts)],
    });
    entryPoints = [...parts].filter((part) => !built.has(part));
    for (const part of entryPoints) built.add(part);
  }
}

async function build() {
  rmSync(outDir, { recursive: true, force: true });
  await Promise.all([
    buildExtension(),
    esbuild.build({
      ...common,
      entryPoints: ['src/host/main.ts'],
      outfile: 'dist/host.js',
      alias: { 'node-pty': './node-pty' },
      external: ['./node-pty'],
    }),
    esbuild.build({
      ...common,
      entryPoints: ['src/static/main.ts'],
      outfile: 'dist/staticServer.js',
    }),
  ]);
  copyNodePty();
  collectLicences();
  writeFileSync(path.join(outDir, 'dev-servers.schema.json'), JSON.stringify(configurationSchema()));
}

/**
 * node-pty finds its native binaries, its worker and its console helper by paths relative to its own files, so it is
 * copied beside the bundles and not bundled. Debug symbols and sources stay behind.
 */
function copyNodePty() {
  const source = path.dirname(require.resolve('node-pty/package.json'));
  const target = path.join(outDir, 'node-pty');
  for (const part of ['package.json', 'LICENSE', 'lib', 'prebuilds']) {
    cpSync(path.join(source, part), path.join(target, part), {
      recursive: true,
      filter: (file) => !/\.(pdb|map)$|\.test\.js$/.test(file),
    });
  }
}

/** The bundles hold the libraries without their licences, which ask to go along. */
function collectLicences() {
  const { dependencies } = require('./package.json');
  const texts = Object.keys(dependencies).map((name) => {
    const folder = path.join(__dirname, 'node_modules', name);
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name}\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  });
  writeFileSync(path.join(outDir, 'third-party-licences.txt'), texts.join('\n\n'));
}

build().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
