import { commands, env, Uri } from 'vscode';
import { opensInEditor } from './settings.js';

/** Commands of the editor's own browsers, the better one first. They are not part of the API, so each may be missing. */
const browserCommands = ['workbench.action.browser.open', 'simpleBrowser.show'];

/** Opens an address where `devServers.openIn` says, or in the system's browser where the editor has none. */
export async function openAddress(url: string): Promise<void> {
  if (opensInEditor() && (await opensInOwnBrowser(await externalAddress(url)))) return;
  // `openExternal` resolves the address as `asExternalUri` does, and the API forbids doing both.
  await env.openExternal(Uri.parse(url, true));
}

/** Returns the address of a server as the user's computer reaches it; the server's own where the editor knows no other. */
export async function externalAddress(url: string): Promise<string> {
  const uri = Uri.parse(url, true);
  const external = await Promise.resolve(env.asExternalUri(uri)).catch(() => uri);
  return external.toString(true);
}

/**
 * Opens an address in a browser of the editor. Returns `false` if it has none. The list of commands lacks those of
 * extensions that are not active yet, so only a call shows whether a command exists.
 */
async function opensInOwnBrowser(address: string): Promise<boolean> {
  for (const command of browserCommands) {
    const isDone = await Promise.resolve(commands.executeCommand(command, address)).then(
      () => true,
      () => false,
    );
    if (isDone) return true;
  }
  return false;
}
