import { commands, env, Uri } from 'vscode';
import { opensInEditor } from './settings.js';

/** Commands of the editor's own browsers, the better one first. They are not part of the API, so each may be missing. */
const browserCommands = ['workbench.action.browser.open', 'simpleBrowser.show'];

/** Opens an address where `devServers.openIn` says, or in the system's browser where the editor has none. */
export async function openAddress(url: string): Promise<void> {
  const uri = Uri.parse(url, true);
  const command = opensInEditor() ? await browserCommand() : undefined;
  // `openExternal` resolves the address as `asExternalUri` does, and the API forbids doing both.
  if (command === undefined) await env.openExternal(uri);
  else await commands.executeCommand(command, await externalAddress(url));
}

/** Returns the address of a server as the user's computer reaches it; the server's own where the editor knows no other. */
export async function externalAddress(url: string): Promise<string> {
  const uri = Uri.parse(url, true);
  const external = await Promise.resolve(env.asExternalUri(uri)).catch(() => uri);
  return external.toString(true);
}

async function browserCommand(): Promise<string | undefined> {
  const known = new Set(await commands.getCommands(true));
  return browserCommands.find((command) => known.has(command));
}
