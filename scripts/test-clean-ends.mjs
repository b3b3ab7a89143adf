// @ts-check
// Stops a server that needs time to shut down behind every program of docs/clean-ends.md: node scripts/test-clean-ends.mjs
import { join } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';
import { ensureDependencies, testWrappers } from './lib/workspace.mjs';

await runScript(async () => {
  readArguments({}, 'Usage: node scripts/test-clean-ends.mjs');
  await ensureDependencies(testWrappers);
  await build();
  const vitest = [process.execPath, fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run'];
  return runVisible([...vitest, '--project', 'host', 'cleanEnd.test.ts', 'nxDaemon.test.ts'], {
    cwd: repoRoot,
    env: { ...process.env, CLEAN_END_WRAPPERS: join(testWrappers, 'node_modules', '.bin') },
  });
});
