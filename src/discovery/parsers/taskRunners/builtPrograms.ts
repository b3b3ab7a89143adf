import { splitCommands } from '../../../core/commandLine/parse.js';

/** Maximum number of targets that one needs, directly or through others, and that are searched for builds. */
const maxTargets = 20;

/** A line that calls a program of the project. */
const callsProgram =
  /^(?<before>(?:[A-Za-z_]\w*=\S*[ \t]+)*)(?<program>(?:\.\/)?[\w-][\w./-]*)(?=[ \t]|$)/gmu;

/**
 * Returns what a target runs, with `go run ./cmd/shop` for each call of a program that the target, or one that it needs,
 * builds from that package: `go build -o bin/shop ./cmd/shop`. `bodies` contains what all targets run.
 */
export function withBuiltPrograms(
  runs: string,
  program: string,
  bodies: ReadonlyMap<string, string>,
): string {
  const packages = new Map(neededBodies(runs, program, bodies).flatMap(builtIn));
  if (packages.size === 0) return runs;
  return runs.replaceAll(callsProgram, (call, before: string, path: string) => {
    const target = packages.get(plainPath(path));
    return target === undefined ? call : `${before}go run ${target}`;
  });
}

/** Returns what a target runs, and what the targets run that it calls. */
function neededBodies(runs: string, program: string, bodies: ReadonlyMap<string, string>): string[] {
  const needed = new Set([runs]);
  // Iterating over a set also visits elements that are added meanwhile, each of them once.
  for (const body of needed) {
    const names = splitCommands(body).flatMap(([first, ...args]) => (first === program ? args : []));
    for (const each of names.flatMap((name) => bodies.get(name) ?? []))
      if (needed.size < maxTargets) needed.add(each);
  }
  return [...needed];
}

/** Returns the packages of Go that lines build, by the paths of their programs. */
function builtIn(body: string): [path: string, target: string][] {
  const commands = splitCommands(body);
  // Paths then start from another folder.
  if (commands.some(([program]) => program === 'cd')) return [];
  return commands.flatMap((words) => {
    const start = words.findIndex((word, index) => word === 'go' && words[index + 1] === 'build');
    const path = words[words.indexOf('-o') + 1];
    const target = words.at(-1) ?? '';
    const isBuild = start !== -1 && words.includes('-o') && /^\.(?:\/[\w./-]+)?$|\.go$/u.test(target);
    return isBuild && path !== undefined ? [[plainPath(path), target] as [string, string]] : [];
  });
}

function plainPath(path: string): string {
  return path.replace(/^\.\//u, '');
}
