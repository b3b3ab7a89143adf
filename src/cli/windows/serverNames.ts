import { escapeHidden } from '../../core/plainText.js';
import { shortId } from '../../core/server/identity.js';
import { CommandError, exitCodes } from '../call/exitCodes.js';
import { shownIds } from '../call/shownIds.js';
import type { WindowServer } from './listedServers.js';

/** Maximum number of servers that an error lists. */
const maxChoice = 20;

type NamedServer = Pick<WindowServer, 'id' | 'name' | 'folder' | 'isMain'>;

/** A server with its id as `list` shows it. */
type ShownServer = NamedServer & { readonly shownId: string };

/**
 * Returns the id of the server that a user means by a name: its id, its script in the current folder, the id without
 * the workspace folder, a script or title that only one server has, its id as `list` shows it, or the package of which
 * it is the main server. Without a name, the only server of the current folder or its main one, or the only server of
 * all. Throws a `CommandError`.
 */
export function serverNamed(name: string | undefined, named: readonly NamedServer[], cwd: string): string {
  const ids = shownIds(named.map(({ id }) => id));
  const servers = named.map((server, index) => ({ ...server, shownId: ids[index] ?? server.id }));
  const matches = matching(name, servers, cwd);
  const [match] = matches;
  if (match && matches.length === 1) return match.id;
  const meant = matches.length > 0 ? matches : servers;
  const choice = meant.slice(0, maxChoice).map(({ shownId }) => `  ${shownId}`);
  if (meant.length > maxChoice) choice.push(`  and ${meant.length - maxChoice} more: devservers list`);
  const text = name === undefined ? unnamedText(servers) : namedText(name, matches.length > 0);
  throw new CommandError([text, ...choice].join('\n'), exitCodes.unknownServer, 'unknownServer');
}

function unnamedText(servers: readonly NamedServer[]): string {
  return servers.length === 0 ? 'There are no servers here.' : 'Specify one of these servers:';
}

function namedText(name: string, isAmbiguous: boolean): string {
  return isAmbiguous
    ? `More than one server is called "${name}":`
    : `There is no server "${name}". Available servers:`;
}

function matching(
  name: string | undefined,
  servers: readonly ShownServer[],
  cwd: string,
): readonly ShownServer[] {
  const here = servers.filter(({ folder }) => escapeHidden(folder) === escapeHidden(cwd));
  if (name === undefined)
    return [here, here.filter(isMainServer), servers].find(({ length }) => length === 1) ?? [];
  const isShort = ({ id }: NamedServer): boolean => shortId(id) === name;
  const isScript = ({ id }: NamedServer): boolean => scriptOf(id) === name;
  const rules: readonly (readonly [readonly ShownServer[], (server: ShownServer) => boolean])[] = [
    [servers, ({ id }) => id === name],
    [here, isShort],
    [here, isScript],
    [servers, isShort],
    [servers, (server) => isScript(server) || server.name === name],
    [servers, ({ shownId }) => shownId === name],
    [servers.filter(isMainServer), ({ id }) => `/${packageOf(id)}`.endsWith(`/${name}`)],
  ];
  for (const [among, isMeant] of rules) {
    const found = among.filter(isMeant);
    if (found.length > 0) return found;
  }
  return [];
}

function isMainServer({ isMain }: NamedServer): boolean {
  return isMain === true;
}

function scriptOf(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}

/** Returns the path of the package that an id begins with: the folder, with that of the workspace before it. */
function packageOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf(':')));
}
