// @ts-check
// Installs the editors, the browser, the tools and the example packages that the tests need, unless they are installed.
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { ensureDependencies, exampleWorkspace, frameworksWorkspace, testTools } from './lib/workspace.mjs';
import { ensureBrowser } from './vscode/chromium.mjs';
import { ensureVsCode } from './vscode/install.mjs';
import { versions } from './vscode/versions.mjs';

await runScript(async () => {
  readArguments({}, 'Usage: node scripts/set-up.mjs');
  for (const version of versions) await ensureVsCode(version);
  await ensureBrowser();
  for (const folder of [testTools, exampleWorkspace, frameworksWorkspace]) await ensureDependencies(folder);
  return 0;
});
