// @ts-check
// Runs the tests of the process host with the code for macOS: on a Mac as it is, on Linux with shims of the tools of macOS.
// node scripts/test-macos.mjs [FILE...]
import { existsSync } from 'node:fs';
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';

/** Linux programs that the shims need, and the Debian packages that contain them. */
const needed = { '/bin/ps': 'procps', '/usr/bin/lsof': 'lsof' };

const notProven = `
Not proven here, since the kernel, the shells and node-pty are those of Linux: that ps, lsof and sysctl of macOS print what
the shims print; the pseudo-terminals, FIFOs and signals of macOS; node-pty's spawn-helper; paths that ignore case. On a Mac
the same command runs the same tests without shims.`;

/** @typedef {{ title: string, env: NodeJS.ProcessEnv }} Run */

/** @returns {Run[]} */
function runsOfThisSystem() {
  if (process.platform === 'darwin') return [{ title: 'On macOS', env: {} }];
  if (process.platform !== 'linux') throw new Error('The code for macOS can be run on macOS and on Linux.');
  const missing = Object.entries(needed).filter(([file]) => !existsSync(file));
  if (missing.length > 0)
    throw new Error(missing.map(([file, name]) => `${file} is missing: apt-get install ${name}`).join('\n'));
  const forced = { DEV_SERVERS_PLATFORM: 'macos' };
  return [
    { title: 'As macOS, with environments that can be read', env: forced },
    {
      title: 'As macOS 11 and later, with hidden environments of the programs of the system',
      env: { ...forced, DEV_SERVERS_HIDDEN_ENVIRONMENTS: 'yes' },
    },
  ];
}

await runScript(async () => {
  const { positionals } = readArguments({}, 'Usage: node scripts/test-macos.mjs [FILE...]', true);
  let failed = 0;
  for (const { title, env: more } of runsOfThisSystem()) {
    console.log(`\n${title}`);
    const env = { ...process.env, ...more };
    const build = await runVisible([process.execPath, fromRoot('esbuild.js')], { cwd: repoRoot, env });
    if (build !== 0) throw new Error('The build of the extension failed.');
    const vitest = [process.execPath, fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run'];
    const code = await runVisible([...vitest, '--project', 'host', ...positionals], { cwd: repoRoot, env });
    if (code !== 0) failed += 1;
  }
  if (process.platform === 'linux') console.log(notProven);
  return failed === 0 ? 0 : 1;
});
