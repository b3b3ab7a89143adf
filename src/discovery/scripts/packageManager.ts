import { resolveCommand } from 'package-manager-detector/commands';
import type { Agent } from 'package-manager-detector';
import { AGENTS, LOCKS } from 'package-manager-detector/constants';
import type { ServerCommand } from '../../core/server/definition.js';
import { ancestorFolders, baseName, folderOf } from '../files/relativePath.js';
import { isObject } from '../files/isObject.js';

/** Settings of Rush, which installs all packages below their folder. */
const rushFile = 'rush.json';

/** Names of the files that identify the package manager of a folder. */
export const lockFileNames: readonly string[] = [rushFile, ...Object.keys(LOCKS)];

/** The package managers in a `package.json`. */
interface PackageAgents {
  readonly named: Agent | undefined;
  /** The one that its scripts call; used if nothing names one. */
  readonly called: Agent | undefined;
}

/**
 * The package managers of a workspace's folders. The nearest folder up to the workspace folder decides, by its
 * `packageManager` field or else by a lock file. The default is npm.
 */
export class PackageManagers {
  readonly #packages = new Map<string, PackageAgents>();
  #locks: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  /** Records the package manager that the `package.json` of a folder names, and the one that its scripts call. */
  setPackage(folder: string, text: string | undefined): void {
    if (text === undefined) this.#packages.delete(folder);
    else this.#packages.set(folder, { named: agentFromPackageJson(text), called: agentOfScripts(text) });
  }

  /** Replaces the set of all known lock files. */
  setLockFiles(paths: Iterable<string>): void {
    const locks = new Map<string, Set<string>>();
    for (const path of paths) {
      const folder = folderOf(path);
      locks.set(folder, (locks.get(folder) ?? new Set<string>()).add(baseName(path)));
    }
    this.#locks = locks;
  }

  managerOf(folder: string): Agent {
    const nearest = nearestAgent(
      folder,
      (path) => this.#packages.get(path)?.named ?? this.#lockedAgent(path),
    );
    return nearest ?? this.#packages.get(folder)?.called ?? 'npm';
  }

  /** Returns the nearest folder that decides by its lock files, and the package managers of these. */
  locksOf(folder: string): { readonly folder: string; readonly agents: readonly Agent[] } | undefined {
    for (const path of ancestorFolders(folder)) {
      if (this.#packages.get(path)?.named !== undefined) return undefined;
      const agents = agentsFromLockFiles(this.#locks.get(path) ?? new Set());
      if (agents.length > 0) return { folder: path, agents };
    }
    return undefined;
  }

  #lockedAgent(folder: string): Agent | undefined {
    const names = this.#locks.get(folder);
    return names && agentFromLockFile(names);
  }
}

/** Returns the package manager of the nearest folder, from this one upwards, that has one. */
export function nearestAgent(
  folder: string,
  agentAt: (folder: string) => Agent | undefined,
): Agent | undefined {
  for (const path of ancestorFolders(folder)) {
    const agent = agentAt(path);
    if (agent !== undefined) return agent;
  }
  return undefined;
}

/** Returns the package manager that one of these lock files belongs to. */
export function agentFromLockFile(names: ReadonlySet<string>): Agent | undefined {
  return agentsFromLockFiles(names)[0];
}

/** Returns the package managers that these lock files belong to. */
export function agentsFromLockFiles(names: ReadonlySet<string>): readonly Agent[] {
  // A lock file at the top of such a project is a stray. Its scripts need no package manager, and npm is always there.
  if (names.has(rushFile)) return ['npm'];
  return [...new Set(lockFileNames.filter((name) => names.has(name)).flatMap((name) => LOCKS[name] ?? []))];
}

/** Returns the package manager that the scripts of a `package.json` call, if they call only one besides npm. */
export function agentOfScripts(text: string): Agent | undefined {
  const called = new Set<Agent>();
  for (const [, agent] of text.matchAll(/(?:"|&&|;)\s{0,9}(yarn|pnpm)\s[^"\n]{1,200}"/gu))
    if (agent === 'yarn' || agent === 'pnpm') called.add(agent);
  const [only, ...others] = called;
  return others.length === 0 ? only : undefined;
}

/** Returns the package manager that a `package.json` names, if any. */
export function agentFromPackageJson(text: string): Agent | undefined {
  // Few files have this property; the others need not be parsed.
  if (!text.includes('"packageManager"')) return undefined;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''));
    if (!isObject(value)) return undefined;
    return namedAgent(value['packageManager']) ?? namedAgent(devEngine(value['devEngines']));
  } catch {
    return undefined;
  }
}

/** Returns the command of a script, as separate arguments. The name must have passed `scriptNameProblem`. */
export function runCommand(agent: Agent, script: string): ServerCommand {
  const resolved = resolveCommand(agent, 'run', [script]);
  return { kind: 'argv', file: resolved?.command ?? 'npm', args: resolved?.args ?? ['run', script] };
}

/** Returns the arguments that must precede those of the script: npm would take them as its own otherwise. */
export function argumentPrefix(agent: Agent): string[] {
  const bare = resolveCommand(agent, 'run', ['script'])?.args ?? [];
  const withArgument = resolveCommand(agent, 'run', ['script', 'argument'])?.args ?? [];
  return withArgument.slice(bare.length, -1);
}

/** Parses a `packageManager` or `devEngines.packageManager.name` field, e.g. `pnpm@9.1.0+sha512.…`. */
function namedAgent(field: unknown): Agent | undefined {
  if (typeof field !== 'string') return undefined;
  const name = /^\^?([^@]*)/u.exec(field)?.[1];
  return AGENTS.find((agent) => agent === name);
}

/** Returns the field that npm and pnpm write; Corepack writes `packageManager`. */
function devEngine(engines: unknown): unknown {
  const manager = isObject(engines) ? engines['packageManager'] : undefined;
  return isObject(manager) ? manager['name'] : undefined;
}
