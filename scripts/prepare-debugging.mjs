// @ts-check
// Builds the extension and its tests and prepares a workspace, before F5 in VS Code starts a window.
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
