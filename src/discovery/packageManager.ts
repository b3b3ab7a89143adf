import { resolveCommand } from 'package-manager-detector/commands';
import type { Agent } from 'package-manager-detector';
import { AGENTS, LOCKS } from 'package-manager-detector/constants';
import type { ServerCommand } from '../core/server.js';
import type { WorkspaceFiles } from './ports.js';

/** What one folder says about its package manager. */
interface FolderFacts {
  /** The manager that the folder's `package.json` names. */
  readonly named: ReadonlyMap<string, Agent>;
  readonly files: WorkspaceFiles;
}

/**
 * Finds the package manager of package folders: what the nearest folder on the way up to the workspace folder says, by
 * the `packageManager` field or else by a lock file; npm where none does. Each folder is looked into once.
 */
export function packageManagers(facts: FolderFacts): (folder: string) => Promise<Agent> {
  const known = new Map<string, Promise<Agent>>();
  const find = (folder: string): Promise<Agent> => {
    const found = known.get(folder) ?? nearest(folder, facts, find);
    known.set(folder, found);
    return found;
  };
  return find;
}

/** The manager that a `packageManager` or `devEngines.packageManager.name` field names, e.g. `pnpm@9.1.0+sha512.…`. */
export function namedAgent(field: unknown): Agent | undefined {
  if (typeof field !== 'string') return undefined;
  const name = /^\^?([^@]*)/u.exec(field)?.[1];
  return AGENTS.find((agent) => agent === name);
}

/** Runs a script word by word; the name must have passed `scriptNameProblem`. */
export function runCommand(agent: Agent, script: string): ServerCommand {
  const resolved = resolveCommand(agent, 'run', [script]);
  return { kind: 'argv', file: resolved?.command ?? 'npm', args: resolved?.args ?? ['run', script] };
}

/** What stands in such a command before words that are meant for the script: npm takes them for its own otherwise. */
export function argumentPrefix(agent: Agent): string[] {
  const bare = resolveCommand(agent, 'run', ['script'])?.args ?? [];
  const withArgument = resolveCommand(agent, 'run', ['script', 'argument'])?.args ?? [];
  return withArgument.slice(bare.length, -1);
}

async function nearest(
  folder: string,
  { named, files }: FolderFacts,
  find: (folder: string) => Promise<Agent>,
): Promise<Agent> {
  const here = named.get(folder) ?? (await lockedAgent(folder, files));
  if (here !== undefined) return here;
  return folder === '' ? 'npm' : find(parentOf(folder));
}

/** A folder that cannot be listed tells nothing, like one without a lock file. */
async function lockedAgent(folder: string, files: WorkspaceFiles): Promise<Agent | undefined> {
  const names = await files.fileNames(folder).catch(() => new Set<string>());
  const lock = Object.keys(LOCKS).find((name) => names.has(name));
  return lock === undefined ? undefined : LOCKS[lock];
}

function parentOf(folder: string): string {
  return folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
}
