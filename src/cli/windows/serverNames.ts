import { shortId } from '../../core/server/identity.js';
import { CommandError, exitCodes } from '../call/exitCodes.js';
import type { WindowServer } from './listedServers.js';

/** Largest number of servers that an error lists. */
const maxChoice = 20;

type NamedServer = Pick<WindowServer, 'id' | 'name' | 'folder'>;

/**
 * Returns the id of the server that a user means by a name: its id, the id without the workspace folder, its script in
 * the current folder, or a script or title that only one server has. Without a name, the only server of the current
 * folder, or of all. Throws a `CommandError`.
 */
export function serverNamed(name: string | undefined, servers: readonly NamedServer[], cwd: string): string {
  const matches = matching(name, servers, cwd);
  const [match] = matches;
  if (match && matches.length === 1) return match.id;
  const meant = matches.length > 0 ? matches : servers;
  const choice = meant.slice(0, maxChoice).map(({ id }) => `  ${id}`);
  if (meant.length > maxChoice) choice.push(`  and ${meant.length - maxChoice} more: devservers list`);
  const text = name === undefined ? unnamedText(servers) : namedText(name, matches.length > 0);
  throw new CommandError([text, ...choice].join('\n'), exitCodes.unknownServer, 'unknownServer');
}

function unnamedText(servers: readonly NamedServer[]): string {
  return servers.length === 0 ? 'There are no servers here.' : 'Say which server is meant:';
}

function namedText(name: string, isAmbiguous: boolean): string {
  return isAmbiguous ? `Several servers are called "${name}":` : `There is no server "${name}". There are:`;
}

function matching(
  name: string | undefined,
  servers: readonly NamedServer[],
  cwd: string,
): readonly NamedServer[] {
  const here = servers.filter(({ folder }) => folder === cwd);
  if (name === undefined) return here.length === 1 ? here : servers.length === 1 ? servers : [];
  const isScript = ({ id }: NamedServer): boolean => scriptOf(id) === name;
  const rules: readonly (readonly [readonly NamedServer[], (server: NamedServer) => boolean])[] = [
    [servers, ({ id }) => id === name],
    [servers, ({ id }) => shortId(id) === name],
    [here, isScript],
    [servers, (server) => isScript(server) || server.name === name],
  ];
  for (const [among, isMeant] of rules) {
    const found = among.filter(isMeant);
    if (found.length > 0) return found;
  }
  return [];
}

function scriptOf(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}
