// @ts-check
import { runVisible } from './command.mjs';
import { fromRoot, repoRoot } from './paths.mjs';

/** Builds the extension; the compiler prints its errors. */
export async function build() {
  const code = await runVisible([process.execPath, fromRoot('esbuild.js')], { cwd: repoRoot });
  if (code !== 0) throw new Error('The build of the extension failed.');
}
