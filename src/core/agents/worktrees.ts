import type { Registry } from '../registry/registry.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { AgentRefusal, failure, type AgentAnswer } from './answer.js';
import type { AgentCaller, AgentWorkspace } from './context.js';

type Servers = Pick<Registry, 'find' | 'current'>;

/** Reads the servers of the worktree that the caller works in. Rejects with an `AgentRefusal` if it has none here. */
export async function openWorktree(
  { worktree }: AgentCaller,
  workspace: Pick<AgentWorkspace, 'openWorktree'>,
): Promise<void> {
  if (worktree === undefined || (await workspace.openWorktree?.(worktree)) === true) return;
  const text = `${worktree} is no git worktree of a folder of this window. Ask the user to open that folder.`;
  throw new AgentRefusal(failure('noWorktree', text));
}

/**
 * Returns the servers of the checkout that the caller works in. Those of another one run other code, and an agent that got
 * one of them would judge its own changes by it.
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

/** Returns the answer to a start of a command that is in no file of the worktree. */
export function listedOnly(): AgentAnswer {
  const text =
    'In a git worktree only servers that its files document can be started. Nothing was started: open the worktree in a window to start others.';
  return failure('outsideWorkspace', text);
}
