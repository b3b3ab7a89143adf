// @ts-check
// Prepares what F5 in VS Code needs in addition to the build, which the task "watch" keeps up to date: the bundled tests
// of the extension host, and the dependencies of the example workspace.
import { runScript } from './lib/cleanup.mjs';
import { ensureDependencies, exampleWorkspace } from './lib/workspace.mjs';
import { bundleTests } from './mocha/bundle.mjs';

await runScript(async () => {
  await bundleTests();
  await ensureDependencies(exampleWorkspace);
  return 0;
});
