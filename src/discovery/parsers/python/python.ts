import type { FolderFacts } from '../../files/fileParser.js';
import type { ServerCommand } from '../../../core/server/definition.js';
import { folderOf, joinPath, baseName, ancestorFolders } from '../../files/relativePath.js';

const environmentNames = ['.venv', 'venv'] as const;

/** Tools that run a program in the environment of a project, by their lock file. */
const runners: readonly (readonly [string, string])[] = [
  ['uv.lock', 'uv'],
  ['poetry.lock', 'poetry'],
  ['Pipfile', 'pipenv'],
];

/** Returns the command that runs Python in a folder, in the environment of the project to which the folder belongs. */
export function pythonCommand(folder: string, args: readonly string[], facts: FolderFacts): ServerCommand {
  const [file, ...prefix] = environmentPython(folder, facts) ??
    runnerPython(folder, facts) ?? [systemPython(facts)];
  return { kind: 'argv', file, args: [...prefix, ...args] };
}

/**
 * Returns the module name of a file, and the folder to import it from; `undefined` for a file that cannot be imported.
 */
export function pythonModule(
  path: string,
  facts: FolderFacts,
): { readonly name: string; readonly folder: string } | undefined {
  const parts = [baseName(path).replace(/\.py$/u, '')];
  const above = ancestorFolders(folderOf(path));
  // Request all of them, so that they are listed at once.
  const isPackage = above.map((ancestor) => facts.names(ancestor).has('__init__.py'));
  let folder = folderOf(path);
  for (const ancestor of above.slice(0, Math.max(0, isPackage.indexOf(false)))) {
    if (ancestor === '') break;
    parts.unshift(baseName(ancestor));
    folder = folderOf(ancestor);
  }
  return parts.every((part) => /^[A-Za-z_]\w*$/u.test(part)) ? { name: parts.join('.'), folder } : undefined;
}

/** Returns the interpreter of the nearest environment, as a path without names of project folders. */
function environmentPython(folder: string, facts: FolderFacts): [string] | undefined {
  for (const [steps, ancestor] of ancestorFolders(folder).entries()) {
    const names = facts.names(ancestor);
    const environment = environmentNames.find(
      (name) => names.has(name) && isUsable(joinPath(ancestor, name), facts),
    );
    if (environment === undefined) continue;
    const path = [...Array.from({ length: steps }, () => '..'), environment];
    return facts.isWindows
      ? [[...path, 'Scripts', 'python.exe'].join('\\')]
      : [[...path, 'bin', 'python'].join('/')];
  }
  return undefined;
}

/**
 * Returns whether an environment is for this system, which it may not be on a shared disk. One that cannot be listed
 * counts as usable.
 */
function isUsable(environment: string, facts: FolderFacts): boolean {
  const names = facts.names(environment);
  return names.size === 0 || names.has(facts.isWindows ? 'Scripts' : 'bin');
}

function runnerPython(folder: string, facts: FolderFacts): [string, ...string[]] | undefined {
  for (const ancestor of ancestorFolders(folder)) {
    const names = facts.names(ancestor);
    const runner = runners.find(([file]) => names.has(file));
    if (runner) return [runner[1], 'run', 'python'];
  }
  return undefined;
}

/** Returns the interpreter on the PATH. Python's installer for Windows puts only its launcher there. */
function systemPython({ isWindows }: FolderFacts): string {
  return isWindows ? 'py' : 'python3';
}
