// @ts-check
// What F5 in VS Code needs before it starts a window: the extension, its tests and a workspace to try it on.
import { build } from './lib/build.mjs';
import { runScript } from './lib/cleanup.mjs';
import { ensureDependencies, exampleWorkspace } from './lib/workspace.mjs';
import { bundleTests } from './mocha/bundle.mjs';

await runScript(async () => {
  await build();
  await bundleTests('vscode', { more: ['index.ts'] });
  await ensureDependencies(exampleWorkspace);
  return 0;
});
