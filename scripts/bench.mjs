// @ts-check
// Builds and runs the benchmark: npm run bench -- --help
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as bundle } from 'esbuild';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';
import { testBundle } from './mocha/bundle.mjs';

/**
 * Loads scripts from their own location instead of bundling them: they find the repository relative to themselves, and
 * share the list of their clean-up tasks.
 * @type {import('esbuild').Plugin}
 */
const keepScripts = {
  name: 'keep-scripts',
  setup(bundler) {
    bundler.onResolve({ filter: /\/scripts\/.*\.mjs$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(join(resolveDir, path)).href,
      external: true,
    }));
  },
};

await runScript(async () => {
  // Measures the code that is shipped.
  const code = await runVisible([process.execPath, fromRoot('esbuild.js'), '--production'], {
    cwd: repoRoot,
  });
  if (code !== 0) return code;
  await bundle({
    ...testBundle,
    entryPoints: ['main', 'runPart', 'startProcess', 'searchProcess'].map((name) =>
      fromRoot('bench', `${name}.ts`),
    ),
    outdir: fromRoot('out', 'bench'),
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    plugins: [keepScripts],
    // CommonJS libraries call `require`, which an ES module does not have.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  await bundle({
    ...testBundle,
    entryPoints: [fromRoot('bench', 'vscode', 'index.ts')],
    outdir: fromRoot('out', 'bench', 'vscode'),
  });
  const main = [process.execPath, fromRoot('out', 'bench', 'main.mjs'), ...process.argv.slice(2)];
  return runVisible(main, { cwd: repoRoot });
});
