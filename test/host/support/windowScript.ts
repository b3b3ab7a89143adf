import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, stop, type Plugin } from 'esbuild';

const { esbuildPlugin } = createRequire(import.meta.url)('../../../scripts/macos/forcedPlatform.js') as {
  esbuildPlugin: Plugin;
};

/** Bundles a program of `test/host/support` that stands for a window, so that a test can start and kill it. Returns its path. */
export async function buildWindow(name: string, folder: string): Promise<string> {
  const outfile = join(folder, 'window.mjs');
  await build({
    entryPoints: [join(process.cwd(), 'test/host/support', name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins: [esbuildPlugin],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  await stop();
  return outfile;
}
