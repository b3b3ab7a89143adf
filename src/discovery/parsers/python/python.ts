import type { FolderFacts } from '../../files/fileParser.js';
import type { ServerCommand } from '../../../core/server/definition.js';
import { joinPath, ancestorFolders } from '../../files/relativePath.js';
import { optionOfGroup } from './dependencyGroups.js';

const environmentNames = ['.venv', 'venv'] as const;

/** Tools that run programs in the environment of a project, by lock file. */
const runners: readonly (readonly [string, string])[] = [
  ['uv.lock', 'uv'],
  ['poetry.lock', 'poetry'],
  ['Pipfile', 'pipenv'],
];

/** Returns the command that runs Python in a folder, in the environment of its project. */
export function pythonCommand(folder: string, args: readonly string[], facts: FolderFacts): ServerCommand {
  const [file, ...prefix] = environmentPython(folder, facts) ??
    runnerPython(folder, facts) ?? [systemPython(facts)];
  return { kind: 'argv', file, args: [...prefix, ...args] };
}

/** Returns the command of a Python tool: a module in the environment of the project, or else a program on the PATH. */
export function pythonTool(
  folder: string,
  tool: string,
  args: readonly string[],
  facts: FolderFacts,
): ServerCommand {
  const environment = environmentPython(folder, facts);
  if (environment) return { kind: 'argv', file: environment[0], args: ['-m', tool, ...args] };
  const runner = runnerPython(folder, facts)?.slice(0, -1) ?? [];
  if (runner[0] === 'uv') runner.push(...optionOfGroup(folder, tool, facts));
  const [file = tool, ...rest] = [...runner, tool, ...args];
  return { kind: 'argv', file, args: rest };
}

/** Returns the command of a program that the project itself declares, in the environment of the project. */
export function declaredProgram(
  folder: string,
  [program = '', ...args]: readonly string[],
  facts: FolderFacts,
): readonly [string, ...string[]] {
  const environment = environmentPython(folder, facts)?.[0];
  if (environment !== undefined) return [environment.replace(/python(?=(?:\.exe)?$)/u, program), ...args];
  const [runner, ...run] = runnerPython(folder, facts)?.slice(0, -1) ?? [];
  return runner === undefined ? [program, ...args] : [runner, ...run, program, ...args];
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
    return facts.system === 'windows'
      ? [[...path, 'Scripts', 'python.exe'].join('\\')]
      : [[...path, 'bin', 'python'].join('/')];
  }
  return undefined;
}

/**
 * Returns whether an environment is for this system: on a shared disk, it may be for another one. An environment that
 * cannot be listed counts as usable.
 */
function isUsable(environment: string, facts: FolderFacts): boolean {
  const names = facts.names(environment);
  return names.size === 0 || names.has(facts.system === 'windows' ? 'Scripts' : 'bin');
}

/** Returns the tool that runs programs in the environment of a project, e.g. `uv run`, if the project uses one. */
export function pythonRunner(folder: string, facts: FolderFacts): [string, ...string[]] | undefined {
  const [program, run] = runnerPython(folder, facts) ?? [];
  return program === undefined || run === undefined ? undefined : [program, run];
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
function systemPython({ system }: FolderFacts): string {
  return system === 'windows' ? 'py' : 'python3';
}
