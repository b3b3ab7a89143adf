// Builds the extension and the process host into dist/. `--production` minifies and leaves out the source maps;
// `--watch` builds again whenever a source file changes.
'use strict';

const esbuild = require('esbuild');
const { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { configurationSchema } = require('./scripts/lib/configurationSchema.js');
const { lazyModules } = require('./scripts/build/lazyModules.js');
const { buildFolder, esbuildPlugin } = require('./scripts/macos/forcedPlatform.js');

const production = process.argv.includes('--production');
const watches = process.argv.includes('--watch');
const outDir = path.join(__dirname, buildFolder);

const { version, contributes } = require('./package.json');

/** Input schemas of the agent tools by name; `scripts/generate/toolManifest.mjs` keeps them equal to those in the code. */
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
  plugins: [esbuildPlugin],
});

/**
 * Builds each module that an `import()` names as a separate bundle, beside the importing one. Those modules bring large
 * libraries along and are loaded only when they are needed.
 * @param {(part: string) => void} onPart receives the file of such a bundle, possibly several times
 * @returns {import('esbuild').Plugin}
 */
const separateParts = (onPart) => ({
  name: 'separate-parts',
  setup(bundler) {
    bundler.onResolve({ filter: /^\./ }, ({ kind, path: name, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      onPart(path.join(resolveDir, name).replace(/\.js$/, '.ts'));
      return { path: `./${path.basename(name)}`, external: true };
    });
  },
});

/**
 * Returns the folder of a program with parts; empty for the extension.
 * @param {string} entryPoint
 */
const programOf = (entryPoint) => /src[\\/](cli|mcp)[\\/]/.exec(entryPoint)?.[1] ?? '';

/** The extension, and the programs that load what they need of the same parts. */
const entries = ['src/extension.ts', 'src/cli/cli.ts', 'src/mcp/server/mcp.ts'];

/**
 * @param {string[]} entryPoints of one program
 * @param {(part: string) => void} onPart
 */
function extensionBundles(entryPoints, onPart) {
  const [program] = entryPoints.map(programOf);
  return /** @satisfies {import('esbuild').BuildOptions} */ ({
    ...common,
    entryPoints,
    outdir: outDir,
    entryNames: '[name]',
    external: ['vscode'],
    define: {
      EXTENSION_VERSION: JSON.stringify(version),
      // An object costs each module of a bundle a call, so only the bundles that use it get it.
      ...(program === 'mcp' && { TOOL_INPUT_SCHEMAS: JSON.stringify(toolInputSchemas) }),
    },
    // As a `require`: the extension host gives extensions that.
    supported: { 'dynamic-import': false },
    plugins: [...common.plugins, ...(program === 'cli' ? [lazyModules] : []), separateParts(onPart)],
  });
}

/** The bundles that are programs of their own. */
const programs = /** @satisfies {import('esbuild').BuildOptions[]} */ ([
  {
    ...common,
    entryPoints: ['src/host/process/main.ts'],
    outfile: path.join(outDir, 'host.js'),
    alias: { 'node-pty': './node-pty' },
    external: ['./node-pty', './node-pty/*'],
  },
  { ...common, entryPoints: ['src/staticServer/main.ts'], outfile: path.join(outDir, 'staticServer.js') },
]);

/** Builds the extension. Returns the files that it was built from. */
async function buildExtension() {
  /** @type {string[]} */
  const inputs = [];
  const built = new Set();
  for (let entryPoints = entries; entryPoints.length > 0;) {
    const parts = new Set();
    for (const program of ['', 'cli', 'mcp']) {
      const group = entryPoints.filter((each) => programOf(each) === program);
      if (group.length === 0) continue;
      const { metafile } = await esbuild.build(extensionBundles(group, (part) => parts.add(part)));
      inputs.push(...Object.keys(metafile.inputs));
    }
    entryPoints = [...parts].filter((part) => !built.has(part));
    for (const part of entryPoints) built.add(part);
  }
  return inputs;
}

async function build() {
  const [extension, ...built] = await Promise.all([
    buildExtension(),
    ...programs.map((options) => esbuild.build(options)),
  ]);
  collectLicences([...extension, ...built.flatMap(({ metafile }) => Object.keys(metafile.inputs))]);
}

/** Builds every bundle, and again whenever one of its files changes, until the process is ended. */
async function watch() {
  const watched = new Set();
  const report = new WatchReport();
  const watchBundle = async (/** @type {import('esbuild').BuildOptions} */ options) => {
    const plugins = [...(options.plugins ?? []), report.plugin()];
    const context = await esbuild.context({ ...options, plugins, logLevel: 'silent' });
    await context.watch();
  };
  const watchPart = async (/** @type {string} */ part) => {
    if (watched.has(part)) return;
    watched.add(part);
    await watchBundle(extensionBundles([part], (each) => void watchPart(each)));
  };
  await Promise.all([...entries.map(watchPart), ...programs.map(watchBundle)]);
}

/** Prints a line for each problem, and lines that enclose the builds of one change; tasks.json matches all of them. */
class WatchReport {
  #running = 0;

  /** Returns the plugin that reports the builds of one bundle. The first of them counts from now on. */
  plugin() {
    let isFirst = true;
    this.#begin();
    return /** @satisfies {import('esbuild').Plugin} */ ({
      name: 'watch-report',
      setup: (bundler) => {
        bundler.onStart(() => {
          if (!isFirst) this.#begin();
          isFirst = false;
        });
        bundler.onEnd(({ errors, warnings }) => {
          for (const error of errors) console.log(problemLine('error', error));
          for (const warning of warnings) console.log(problemLine('warning', warning));
          this.#end();
        });
      },
    });
  }

  #begin() {
    this.#running += 1;
    if (this.#running === 1) console.log('[watch] build started');
  }

  #end() {
    this.#running -= 1;
    if (this.#running === 0) console.log('[watch] build finished');
  }
}

/**
 * @param {'error' | 'warning'} severity
 * @param {import('esbuild').Message} message
 */
function problemLine(severity, { location, text }) {
  const { file = 'esbuild.js', line = 1, column = 0 } = location ?? {};
  return `${file}:${line}:${column + 1}: ${severity}: ${text}`;
}

/**
 * Copies node-pty beside the bundles. It cannot be bundled, because it finds its native binaries, its worker and its
 * console helper by paths relative to its own files. Left out are debug symbols, source maps, and Microsoft's OpenConsole and
 * conpty, in whose place the console of the system is used.
 */
function copyNodePty() {
  const source = path.dirname(require.resolve('node-pty/package.json'));
  const target = path.join(outDir, 'node-pty');
  for (const part of ['package.json', 'LICENSE', 'lib', 'prebuilds']) {
    cpSync(path.join(source, part), path.join(target, part), {
      recursive: true,
      filter: (file) => !/\.(pdb|map)$|\.test\.js$|[\\/]conpty$/.test(file),
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

async function main() {
  rmSync(outDir, { recursive: true, force: true });
  copyNodePty();
  // Each program would read the long one above to learn the kind of its modules.
  writeFileSync(path.join(outDir, 'package.json'), JSON.stringify({ type: 'commonjs' }));
  writeFileSync(path.join(outDir, 'dev-servers.schema.json'), JSON.stringify(configurationSchema()));
  await (watches ? watch() : build());
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
