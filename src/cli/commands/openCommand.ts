import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { posixWord } from '../../core/commandLine/posixWord.js';
import { currentPlatform } from '../../host/platform/currentPlatform.js';
import type { CommandCall } from '../call/commandCall.js';
import { CommandError, exitCodes, type ExitCode } from '../call/exitCodes.js';
import { print, printJson } from '../call/output.js';
import { withServer } from '../windows/serverHosts.js';

/** Opens the URL of a running server. */
export async function openServer({ folder, names, options }: CommandCall): Promise<ExitCode> {
  const { id, url, state } = await withServer(folder, names[0], (server) => Promise.resolve(server));
  if (url === undefined) {
    throw new CommandError(
      `${id} has no URL: it is ${state}. Start it with: devservers ensure ${posixWord(id)}`,
      exitCodes.failed,
      'notReady',
    );
  }
  await openInBrowser(url);
  if (options.json === true) printJson({ id, url });
  else print(url);
  return exitCodes.ok;
}

/** Rejects with a `CommandError` that has the URL when no browser can be started. */
async function openInBrowser(url: string): Promise<void> {
  // In terminals of remote windows, this variable names a program that opens a URL on the user's machine.
  const { BROWSER: browser } = process.env;
  const [file, ...args] = browser ? [browser, url] : currentPlatform().urlOpener(url);
  const child = spawn(file, args, { stdio: 'ignore', detached: true, windowsHide: true });
  child.unref();
  try {
    await once(child, 'spawn');
  } catch {
    throw new CommandError(
      `No browser could be started (${file}). Open ${url}`,
      exitCodes.failed,
      'noBrowser',
    );
  }
}
