// @ts-check
// Runs the unit tests and test/windows with Node for Windows: under Wine on Linux, directly on Windows. Passes its arguments
// to Vitest: node scripts/test-windows.mjs [--no-unit] [ARGUMENT...]
import { build } from './lib/build.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';
import { runUnderWine } from './windows/run.mjs';
import { obstacle } from './windows/wine.mjs';

/** Claims that a run under Wine does not prove. */
const notProven = [
  'Ctrl+C in a real console, PowerShell and taskkill of Windows themselves, file locks, ACLs, and console windows that',
  'flash. Programs of this project stand for powershell.exe and netstat.exe.',
].join(' ');

await runScript(async () => {
  const options = process.argv.slice(2).filter((argument) => argument !== '--no-unit');
  const projects = process.argv.includes('--no-unit') ? ['windows'] : ['unit', 'windows'];
  const vitest = ['run', ...projects.flatMap((name) => ['--project', name]), ...options];
  const script = ['node_modules', 'vitest', 'vitest.mjs'];
  if (process.platform === 'win32') {
    await build();
    return runVisible([process.execPath, fromRoot(...script), ...vitest], { cwd: repoRoot });
  }
  const reason = obstacle();
  if (reason !== undefined) throw new Error(`The tests for Windows cannot run: ${reason}`);
  await build();
  const code = await runUnderWine([script.join('/'), ...vitest]);
  console.log(`Not proven by a run under Wine: ${notProven}`);
  return code;
});
