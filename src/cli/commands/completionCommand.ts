import { shortId } from '../../core/server/identity.js';
import { listedDefinitions } from '../../discovery/listing/listedDefinitions.js';
import { bashCompletion, fishCompletion, zshCompletion } from '../call/completionScripts.js';
import type { CommandCall } from '../call/commandCall.js';
import { CommandError, exitCodes, type ExitCode } from '../call/exitCodes.js';
import { print } from '../call/output.js';
import { serversOf } from '../windows/listedServers.js';
import { connectTo, windowOf } from '../windows/windowSession.js';

const scripts: Readonly<Record<string, () => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints the completion script of a shell; for `names`, the names that these scripts offer. */
export async function printCompletion({ names: [shell = ''], folder }: CommandCall): Promise<ExitCode> {
  const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
  if (script) print(script());
  else if (shell === 'names') print((await serverNames(folder)).map((name) => `${name}\n`).join(''));
  else
    throw new CommandError(
      `There is no completion for "${shell}": bash, zsh or fish.`,
      exitCodes.usage,
      'badRequest',
    );
  return exitCodes.ok;
}

/** Returns the shortest name of each server; without the workspace folder where that is enough. Never rejects. */
async function serverNames(folder: string): Promise<readonly string[]> {
  const ids = await serverIds(folder).catch(() => []);
  const short = ids.map(shortId);
  return ids
    .map((id, index) => (short.filter((each) => each === short[index]).length === 1 ? shortId(id) : id))
    .filter((name) => !/\p{Cc}/u.test(name));
}

async function serverIds(folder: string): Promise<readonly string[]> {
  const window = await windowOf(folder).catch(() => undefined);
  if (!window) {
    const { findServers } = await import('../folder/findServers.js');
    const { definitions, unlisted } = await findServers(folder);
    return listedDefinitions(definitions, unlisted).map(({ id }) => id);
  }
  const client = await connectTo(window);
  const servers = await serversOf(client).finally(() => client.close());
  return servers.map(({ id }) => id);
}
