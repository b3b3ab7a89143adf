// @ts-check
// npm start: opens the example workspace in a VS Code with this extension loaded, until Ctrl+C.
import { readArguments } from './lib/arguments.mjs';
import { build } from './lib/build.mjs';
import { cleanUp, onExit, runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { repoRoot } from './lib/paths.mjs';
import { isPortFree } from './lib/ports.mjs';
import { formatProcesses } from './lib/processes.mjs';
import { ensureDependencies, exampleWorkspace } from './lib/workspace.mjs';
import { ensureVsCode } from './vscode/install.mjs';
import { findOnPath } from './vscode/installedBrowser.mjs';
import { startServer } from './vscode/server.mjs';
import { openInBrowser } from './vscode/openInBrowser.mjs';
import { currentVersion } from './vscode/versions.mjs';
import { workbenchAddress } from './vscode/workbench.mjs';

const preferredPort = 8139;

const help = `Usage: npm start [-- OPTIONS]

Builds the extension and opens examples/workspace with it in a VS Code in the browser. Ctrl+C ends everything.

  --no-browser   only print the URL
  --desktop      use the installed desktop VS Code
  --help         show this help`;

const options = /** @satisfies {import('node:util').ParseArgsOptionsConfig} */ ({
  'no-browser': { type: 'boolean' },
  desktop: { type: 'boolean' },
});

await runScript(
  async () => {
    const { values } = readArguments(options, help);
    const editor = values.desktop ? desktopEditor() : undefined;
    await build();
    await ensureDependencies(exampleWorkspace);
    return editor === undefined ? serve(values['no-browser'] !== true) : openDesktop(editor);
  },
  { runsUntilInterrupt: true },
);

function desktopEditor() {
  const editor = findOnPath('code');
  if (editor !== undefined) return editor;
  throw new Error(
    'The command "code" was not found. Install the desktop VS Code and run its "Shell Command: Install code command in PATH".',
  );
}

/** @param {string} editor */
function openDesktop(editor) {
  return runVisible([editor, '--new-window', `--extensionDevelopmentPath=${repoRoot}`, exampleWorkspace]);
}

/** @param {boolean} opensBrowser */
async function serve(opensBrowser) {
  const install = await ensureVsCode(currentVersion);
  const port = (await isPortFree(preferredPort)) ? preferredPort : 0;
  const server = await startServer({ install, port, extension: repoRoot });
  let isInterrupted = false;
  onExit(async () => {
    isInterrupted = true;
    await endServer(server);
  });
  const url = workbenchAddress({ serverUrl: server.url, workspace: exampleWorkspace });
  console.log(`\nOpen ${url}\n\nCtrl+C ends VS Code and all servers that were started in it.`);
  if (opensBrowser) openInBrowser(url);
  await server.exited;
  if (!isInterrupted) console.error('VS Code exited unexpectedly.');
  const code = isInterrupted ? 0 : 1;
  await cleanUp();
  return Math.max(code, Number(process.exitCode ?? 0));
}

/** @param {import('./vscode/server.mjs').VsCodeServer} server */
async function endServer(server) {
  console.log('\nEnding VS Code ...');
  const survivors = await server.stop();
  if (survivors.length === 0) {
    console.log('All processes have ended.');
    return;
  }
  console.error(`These processes did not end and were killed:\n${formatProcesses(survivors)}`);
  process.exitCode = 1;
}
