// @ts-check
// npm run pictures: takes the pictures for the documents, and pictures of all states in four themes and three widths.
import { createRequire } from 'node:module';
import { build } from '../lib/build.mjs';
import { runScript } from '../lib/cleanup.mjs';
import { runVisible } from '../lib/command.mjs';
import { fromRoot, repoRoot } from '../lib/paths.mjs';
import { ensureBrowser } from '../vscode/chromium.mjs';
import { ensureVsCode } from '../vscode/install.mjs';
import { currentVersion } from '../vscode/versions.mjs';

const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
const config = fromRoot('test', 'pictures', 'playwright.config.ts');

await runScript(async () => {
  await build();
  await ensureVsCode(currentVersion);
  await ensureBrowser();
  const command = [process.execPath, cli, 'test', '--config', config, ...process.argv.slice(2)];
  return runVisible(command, { cwd: repoRoot });
});
