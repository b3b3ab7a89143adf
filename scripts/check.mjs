// @ts-check
// Checks the code without running it. Runs all checks even if one fails.
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { noCounts, writeCounts } from './lib/counts.mjs';
import { fromRoot, repoRoot, resultFile } from './lib/paths.mjs';
import { Stopwatch } from './lib/stopwatch.mjs';

/**
 * Paths relative to the repository. Tools are called by the files that npm links as commands, which works on all
 * platforms.
 */
const checks = [
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'lint', command: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'] },
  {
    name: 'layers',
    command: [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      'dependency-cruiser.config.mjs',
      'src',
      'bench',
    ],
  },
  {
    name: 'format',
    command: ['node_modules/oxfmt/bin/oxfmt', '--check'],
  },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js'] },
  { name: 'text', command: ['scripts/check-text.mjs'] },
  { name: 'texts for translators', command: ['scripts/generate/l10n.mjs', '--check'] },
  { name: 'settings page', command: ['scripts/generate/settingsPage.mjs', '--check'] },
];

await runScript(async () => {
  readArguments({}, 'Usage: node scripts/check.mjs');
  const counts = noCounts();
  for (const { name, command } of checks) {
    if (await check(name, command)) counts.passed++;
    else {
      counts.failed++;
      counts.failures.push(name);
    }
  }
  writeCounts(resultFile('check'), counts);
  return counts.failed > 0 ? 1 : 0;
});

/**
 * @param {string} name
 * @param {string[]} command
 */
async function check(name, [script = '', ...args]) {
  const watch = new Stopwatch();
  const code = await runVisible([process.execPath, fromRoot(script), ...args], { cwd: repoRoot });
  console.log(`${code === 0 ? '✔' : '✘'} ${name} (${watch.text})`);
  return code === 0;
}
