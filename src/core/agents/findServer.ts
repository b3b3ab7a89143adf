import { closestMatch } from 'leven';
import type { Registry } from '../registry/registry.js';
import { serverTitle } from '../server/definition.js';
import { AgentRefusal, failure } from './answer.js';
import type { ServerRecord } from '../registry/snapshot.js';

/** So many ids are suggested at most. */
const maxSuggestions = 3;

/** The server with this id. Throws an `AgentRefusal` that names the ids most like it. */
export function findServer(registry: Pick<Registry, 'find' | 'current'>, id: string): ServerRecord {
  const record = registry.find(id);
  if (record) return record;
  const closest = closestIds(id, registry.current.servers);
  const hint =
    closest.length === 0
      ? 'No servers are known in this workspace.'
      : `The most similar ids are: ${closest.map((each) => JSON.stringify(each)).join(', ')}.`;
  const text = `There is no server with the id ${JSON.stringify(id.slice(0, 200))}. ${hint} devservers_list_servers lists all of them.`;
  throw new AgentRefusal(failure('unknownServer', text, { closest }));
}

/** Those that are named like it come first, since `web` is short for an id and not a misspelt one. */
function closestIds(id: string, servers: readonly ServerRecord[]): string[] {
  const wanted = id.slice(0, 200).toLowerCase();
  const named = servers.filter(({ definition }) =>
    [definition.id, serverTitle(definition)].some((each) => each.toLowerCase().includes(wanted)),
  );
  const closest = named.map(({ definition }) => definition.id).slice(0, maxSuggestions);
  const rest = new Set(
    servers.map(({ definition }) => definition.id).filter((each) => !closest.includes(each)),
  );
  while (closest.length < maxSuggestions && rest.size > 0) {
    const next = closestMatch(wanted, [...rest]);
    if (next === undefined) break;
    rest.delete(next);
    closest.push(next);
  }
  return closest;
}
