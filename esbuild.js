// Builds the extension and the process host into dist/. `--production` minifies and leaves out the source maps.
'use strict';

const esbuild = require('esbuild');
const { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { configurationSchema } = require('./scripts/configurationSchema.js');

const production = process.argv.includes('--production');
const outDir = path.join(__dirname, 'dist');

const { version, contributes } = require('./package.json');

/** Input schemas of the agent tools by name; `scripts/toolManifest.mjs` keeps them equal to those in the code. */
const toolInputSchemas = Object.fromEntries(
  contributes.languageModelTools.map(({ name, inputSchema }) => [name, inputSchema]),
);

const common = /** @satisfies {import('esbuild').BuildOptions} */ ({
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
  metafile: true,
});

/**
 * Builds each module that an `import()` names as a separate bundle, beside the importing one. Those modules bring large
 * libraries along and are loaded only when they are needed.
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

/** Builds the extension. Returns the files that it was built from. */
async function buildExtension() {
  /** @type {string[]} */
  const inputs = [];
  const built = new Set();
  for (let entryPoints = ['src/extension.ts']; entryPoints.length > 0;) {
    const parts = new Set();
    const { metafile } = await esbuild.build({
      ...common,
      entryPoints,
      outdir: 'dist',
      entryNames: '[name]',
      external: ['vscode'],
      // As a `require`: the extension host gives extensions that.
      supported: { 'dynamic-import': false },
      plugins: [separateParts(parts)],
    });
    inputs.push(...Object.keys(metafile.inputs));
    entryPoints = [...parts].filter((part) => !built.has(part));
    for (const part of entryPoints) built.add(part);
  }
  return inputs;
}

async function build() {
  rmSync(outDir, { recursive: true, force: true });
  const [extension, ...built] = await Promise.all([
    buildExtension(),
    esbuild.build({
      ...common,
      entryPoints: ['src/host/process/main.ts'],
      outfile: 'dist/host.js',
      alias: { 'node-pty': './node-pty' },
      external: ['./node-pty'],
    }),
    esbuild.build({
      ...common,
      entryPoints: ['src/staticServer/main.ts'],
      outfile: 'dist/staticServer.js',
    }),
    esbuild.build({
      ...common,
      entryPoints: ['src/mcp/server/main.ts'],
      outfile: 'dist/mcp.js',
      define: {
        EXTENSION_VERSION: JSON.stringify(version),
        TOOL_INPUT_SCHEMAS: JSON.stringify(toolInputSchemas),
      },
    }),
  ]);
  copyNodePty();
  collectLicences([...extension, ...built.flatMap(({ metafile }) => Object.keys(metafile.inputs))]);
  writeFileSync(path.join(outDir, 'dev-servers.schema.json'), JSON.stringify(configurationSchema()));
}

/**
 * Copies node-pty beside the bundles. It cannot be bundled, because it finds its native binaries, its worker and its
 * console helper by paths relative to its own files. Debug symbols and source maps are left out.
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

/**
 * Writes the licences of the bundled libraries into one file, because they must be distributed with the code.
 * @param {string[]} inputs files that the bundles were built from
 */
function collectLicences(inputs) {
  const bundled = inputs.map((file) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const folders = new Set([...bundled.filter((folder) => folder !== undefined), 'node_modules/node-pty']);
  const texts = [...folders].toSorted().map((folder) => {
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const file = readdirSync(path.join(__dirname, folder)).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name}\n\n${readFileSync(path.join(__dirname, folder, file), 'utf8').trim()}\n`;
  });
  writeFileSync(path.join(outDir, 'third-party-licences.txt'), texts.join('\n\n'));
}

build().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
