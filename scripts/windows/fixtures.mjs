// @ts-check
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../lib/command.mjs';
import { fromRoot } from '../lib/paths.mjs';

const sources = fromRoot('test', 'fixtures', 'windows');

/**
 * Compiles the Windows programs that stand in for programs of real Windows that Wine lacks.
 * @param {string} folder
 * @param {string} log
 */
export async function compileFixtures(folder, log) {
  for (const name of readdirSync(sources).filter((each) => each.endsWith('.c'))) {
    const program = join(folder, name.replace(/\.c$/, '.exe'));
    const options = ['-O1', '-Wall', '-Werror', '-municode', '-o', program, join(sources, name)];
    const libraries = ['-lws2_32', '-liphlpapi'];
    await runLogged(`Compiling ${name}`, ['x86_64-w64-mingw32-gcc', ...options, ...libraries], { log });
  }
}
