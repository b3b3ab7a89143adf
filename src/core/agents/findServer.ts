import leven from 'leven';
import type { Registry } from '../registry/registry.js';
import { fullTitle } from '../server/definition.js';
import { AgentRefusal, failure, type AgentAnswer } from './answer.js';
import { visibleText } from './sanitize.js';
import type { AgentCaller, AgentWorkspace } from './context.js';
import type { ServerRecord } from '../registry/snapshot.js';

/** Maximum number of ids that a refusal suggests. */
const maxSuggestions = 3;

/** Number and length of the ids that are compared, since the time grows with the product of the lengths. */
const maxCompared = 1000;
const maxComparedLength = 80;

type Servers = Pick<Registry, 'find' | 'current'>;

/** Returns the server with this id, as the registry or an answer to an agent has it. */
export function serverWithId(registry: Servers, id: string): ServerRecord | undefined {
  return (
    registry.find(id) ?? registry.current.servers.find(({ definition }) => visibleText(definition.id) === id)
  );
}

/** Returns the server with this id. Throws an `AgentRefusal` that suggests the most similar ids. */
export function findServer(registry: Servers, id: string): ServerRecord {
  const record = serverWithId(registry, id);
  if (record) return record;
  const closest = closestIds(id, registry.current.servers);
  const hint =
    closest.length === 0
      ? 'This workspace has no servers.'
      : `The most similar ids are: ${closest.map((each) => JSON.stringify(visibleText(each))).join(', ')}.`;
  const text = `There is no server with the id ${JSON.stringify(id.slice(0, 200))}. ${hint} To list all servers, call devservers_list_servers.`;
  throw new AgentRefusal(failure('unknownServer', text, { closest }));
}

/** Puts ids that contain the text first: `web` is an abbreviation of an id, not a misspelling. */
function closestIds(id: string, servers: readonly ServerRecord[]): string[] {
  const wanted = id.toLowerCase();
  const containing = servers.filter(({ definition }) =>
    [definition.id, fullTitle(definition)].some((each) => each.toLowerCase().includes(wanted)),
  );
  const closest = containing.map(({ definition }) => definition.id).slice(0, maxSuggestions);
  if (closest.length === maxSuggestions) return closest;
  const others = servers.map(({ definition }) => definition.id).filter((each) => !closest.includes(each));
  const byDistance = others
    .slice(0, maxCompared)
    .map((each) => ({ each, distance: leven(comparedPart(id), comparedPart(each)) }))
    .toSorted((one, other) => one.distance - other.distance);
  return [...closest, ...byDistance.map(({ each }) => each)].slice(0, maxSuggestions);
}

/** Returns the end of an id: the name of the server, which distinguishes it from others in the same folder. */
function comparedPart(id: string): string {
  return id.slice(-maxComparedLength);
}

/** Reads the servers of the worktree that the caller works in. Rejects with an `AgentRefusal` if it has none here. */
export async function openWorktree(
  { worktree }: AgentCaller,
  workspace: Pick<AgentWorkspace, 'openWorktree'>,
): Promise<void> {
  if (worktree === undefined || (await workspace.openWorktree?.(worktree)) === true) return;
  const text = `${worktree} is not a git worktree of any folder in this window. Ask the user to open it in a window.`;
  throw new AgentRefusal(failure('noWorktree', text));
}

/**
 * Returns the servers of the checkout that the caller works in. The servers of another checkout run other code, so an
 * agent could not test its own changes with them.
 */
export function serversFor({ worktree }: AgentCaller, registry: Servers): Servers {
  const isOwn = ({ definition }: ServerRecord): boolean => definition.worktree?.root === worktree;
  const { current } = registry;
  return {
    find: (id) => {
      const record = registry.find(id);
      return record && isOwn(record) ? record : undefined;
    },
    current: { ...current, servers: current.servers.filter(isOwn) },
  };
}

/** Returns the answer for a start of a command that no file of the worktree defines. */
export function listedOnly(): AgentAnswer {
  const text =
    'In a git worktree, only servers that are defined in its files can be started. Nothing was started. To start others, open the worktree in a window.';
  return failure('outsideWorkspace', text);
}
