// @ts-check
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runLogged } from '../lib/command.mjs';

/**
 * Returns the folder of the package with the Node binary and headers for this machine.
 * @param {string} folder the cache folder of one VS Code
 */
export function nodePackage(folder) {
  const name = `${process.platform}-${process.arch}`;
  const candidates = [`node-${name}`, `node-bin-${name}`].map((entry) => join(folder, 'node_modules', entry));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error(`There is no Node package for ${name}.`);
  return found;
}

/**
 * Compiles native modules for the Node that VS Code runs on.
 * @param {string} folder the cache folder of one VS Code
 * @param {string} modules node_modules of VS Code
 * @param {import('./versions.mjs').VsCodeRelease} release
 * @param {string} log
 */
export async function buildNativeModules(folder, modules, release, log) {
  const runtime = nodePackage(folder);
  const compiler = join(folder, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  // The headers come from the Node package, so nothing is downloaded. As an argument, they take precedence over settings
  // of the machine. The same Node also comes first in PATH, for the build scripts.
  const command = [join(runtime, 'bin', 'node'), compiler, 'rebuild', `--nodedir=${runtime}`, '-j', 'max'];
  const env = { ...process.env, PATH: `${join(runtime, 'bin')}${delimiter}${process.env['PATH']}` };
  for (const name of release.nativeModules) {
    await runLogged(`Compiling ${name} (needs a C++ compiler, make and Python)`, command, {
      cwd: join(modules, name),
      env,
      log,
    });
  }
  const missing = release.nativeFiles.filter((file) => !existsSync(join(modules, file)));
  if (missing.length > 0) throw new Error(`Not built: ${missing.join(', ')}. Log: ${log}`);
}
