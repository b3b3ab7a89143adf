import { resolveCommand } from 'package-manager-detector/commands';
import type { Agent } from 'package-manager-detector';
import { AGENTS, LOCKS } from 'package-manager-detector/constants';
import type { ServerCommand } from '../../core/server/definition.js';
import { baseName, folderOf } from '../files/relativePath.js';
import { isObject } from '../files/isObject.js';

/** Names of the files that say which package manager a folder has. */
export const lockFileNames: readonly string[] = Object.keys(LOCKS);

/**
 * The package managers of the folders of a workspace: what the nearest folder on the way up to the workspace folder
 * says, by the `packageManager` field or else by a lock file; npm where none does.
 */
export class PackageManagers {
  readonly #named = new Map<string, Agent>();
  #locks: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  /** Takes in what the `package.json` of a folder names. */
  setNamed(folder: string, agent: Agent | undefined): void {
    if (agent === undefined) this.#named.delete(folder);
    else this.#named.set(folder, agent);
  }

  /** Takes in all lock files that there are. */
  setLockFiles(paths: Iterable<string>): void {
    const locks = new Map<string, Set<string>>();
    for (const path of paths) {
      const folder = folderOf(path);
      locks.set(folder, (locks.get(folder) ?? new Set<string>()).add(baseName(path)));
    }
    this.#locks = locks;
  }

  managerOf(folder: string): Agent {
    for (let path = folder; ; path = folderOf(path)) {
      const here = this.#named.get(path) ?? this.#lockedAgent(path);
      if (here !== undefined) return here;
      if (path === '') return 'npm';
    }
  }

  #lockedAgent(folder: string): Agent | undefined {
    const names = this.#locks.get(folder);
    return names && agentFromLockFile(names);
  }
}

/** The package manager whose lock file is among these. */
export function agentFromLockFile(names: ReadonlySet<string>): Agent | undefined {
  const lock = lockFileNames.find((name) => names.has(name));
  return lock === undefined ? undefined : LOCKS[lock];
}

/** The package manager that the text of a `package.json` names, if it does. */
export function agentFromPackageJson(text: string): Agent | undefined {
  // Few files name one, and the others need not be parsed for that.
  if (!text.includes('"packageManager"')) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''));
    if (!isObject(value)) return undefined;
    return namedAgent(value['packageManager']) ?? namedAgent(devEngine(value['devEngines']));
  } catch {
    return undefined;
  }
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

/** The manager that a `packageManager` or `devEngines.packageManager.name` field names, e.g. `pnpm@9.1.0+sha512.…`. */
function namedAgent(field: unknown): Agent | undefined {
  if (typeof field !== 'string') return undefined;
  const name = /^\^?([^@]*)/u.exec(field)?.[1];
  return AGENTS.find((agent) => agent === name);
}

/** `devEngines` is what npm and pnpm write, `packageManager` what Corepack does. */
function devEngine(engines: unknown): unknown {
  const manager = isObject(engines) ? engines['packageManager'] : undefined;
  return isObject(manager) ? manager['name'] : undefined;
}
