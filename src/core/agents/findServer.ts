import { closestMatch } from 'leven';
import type { Registry } from '../registry/registry.js';
import { serverTitle } from '../server/definition.js';
import { AgentRefusal, failure } from './answer.js';
import type { ServerRecord } from '../registry/snapshot.js';

/** Largest number of ids that a refusal suggests. */
const maxSuggestions = 3;

/** Returns the server with this id. Throws an `AgentRefusal` that suggests the most similar ids. */
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

/** Returns ids that contain the text first: `web` is an abbreviation of an id, not a misspelling. */
function closestIds(id: string, servers: readonly ServerRecord[]): string[] {
  const wanted = id.slice(0, 200).toLowerCase();
  const containing = servers.filter(({ definition }) =>
    [definition.id, serverTitle(definition)].some((each) => each.toLowerCase().includes(wanted)),
  );
  const closest = containing.map(({ definition }) => definition.id).slice(0, maxSuggestions);
  const others = new Set(
    servers.map(({ definition }) => definition.id).filter((each) => !closest.includes(each)),
  );
  while (closest.length < maxSuggestions && others.size > 0) {
    const next = closestMatch(wanted, [...others]);
    if (next === undefined) break;
    others.delete(next);
    closest.push(next);
  }
  return closest;
}
