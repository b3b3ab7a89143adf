import { shortId } from '../../core/server/identity.js';
import type { CommandCall } from '../call/commandCall.js';
import { CommandError, exitCodes, type ExitCode } from '../call/exitCodes.js';
import { print } from '../call/output.js';
import { serversIn } from '../windows/serverHosts.js';
import { windowsOf } from '../windows/windowSession.js';

/** Prints the completion script of a shell, or for `names` the names that these scripts offer. */
export async function printCompletion({ names: [shell = ''], folder }: CommandCall): Promise<ExitCode> {
  const { completionScript } = await import('../call/completionScripts.js');
  const script = completionScript(shell);
  if (script !== undefined) print(script);
  else if (shell === 'names') print((await serverNames(folder)).map((name) => `${name}\n`).join(''));
  else
    throw new CommandError(
      `There is no completion script for "${shell}". Use bash, zsh or fish.`,
      exitCodes.usage,
      'badRequest',
    );
  return exitCodes.ok;
}

/** Returns the shortest unambiguous name of each server, if possible without the workspace folder. Never rejects. */
async function serverNames(folder: string): Promise<readonly string[]> {
  const ids = await serverIds(folder).catch(() => []);
  const short = ids.map(shortId);
  return ids
    .map((id, index) => (short.filter((each) => each === short[index]).length === 1 ? shortId(id) : id))
    .filter((name) => !/\p{Cc}/u.test(name));
}

async function serverIds(folder: string): Promise<readonly string[]> {
  const windows = await windowsOf(folder).catch(() => undefined);
  if (!windows) {
    const { findListedServers } = await import('../../folderSearch/findServers.js');
    return (await findListedServers(folder)).definitions.map(({ id }) => id);
  }
  return (await serversIn(windows)).servers.map(({ id }) => id);
}
