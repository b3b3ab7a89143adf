import { splitCommands } from '../../core/commandLine/parse.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { commandName } from '../scripts/classifyTool.js';
import { isPackageManager, packageRun } from '../scripts/packageRun.js';
import { unwrapLauncher } from '../scripts/unwrapLauncher.js';

/** Options of task runners with a separate value. */
const optionsWithValue: ReadonlySet<string> = new Set(
  '--filter -F --concurrency --scope --cwd --cache-dir --log-order --log-prefix --output-logs --ui'.split(
    ' ',
  ),
);

/** Task runners that run a task in each package that has it. */
const runnersOfPackages = /^(?:turbo|lerna)$/u;

/** All task runners, including those whose targets are often not scripts. */
const allRunners = /^(?:turbo|lerna|nx|moon|lage|wsrun|ultra)$/u;

/**
 * Returns the scripts of other packages that a script runs, if it does nothing else: `dev`, `web#dev` if it names the
 * package, `./packages#dev` if it names a folder. Returns none if it does something else.
 */
export function delegatedScripts({ script }: ServerDefinition): readonly string[] {
  if (script === undefined) return [];
  const [words, ...others] = splitCommands(script.body);
  if (words === undefined || others.length > 0) return [];
  return namesRunBy(words, runnersOfPackages, { hasPackages: true });
}

/**
 * Returns the names of the scripts that a script runs in other packages, directly or through other scripts of its
 * package.
 */
export function startedBelow({ script }: ServerDefinition): readonly string[] {
  const { body = '', others = [] } = script ?? {};
  return [...new Set([body, ...others.map(([, line]) => line)].flatMap((line) => namesInLine(line, true)))];
}

/** With `hasLines`, arguments are shell lines themselves, as those of `concurrently` are. */
function namesInLine(line: string, hasLines: boolean): string[] {
  const names: string[] = [];
  // `cd client && npm start`
  let isElsewhere = false;
  for (const words of splitCommands(line)) {
    isElsewhere ||= words[0] === 'cd';
    names.push(...namesRunBy(words, allRunners, { isElsewhere }));
    const inner = hasLines ? words.filter((word) => word.includes(' ')) : [];
    for (const each of inner) names.push(...namesInLine(each, false));
  }
  return names;
}

function namesRunBy(
  words: readonly string[],
  taskRunners: RegExp,
  options: { readonly isElsewhere?: boolean; readonly hasPackages?: boolean },
): string[] {
  const launched = unwrapLauncher(words);
  const [first = '', ...args] = launched?.kind === 'words' ? launched.words : words;
  const program = commandName(first);
  return taskRunners.test(program) ? taskNames(args, options) : scriptNames(program, args, options);
}

function taskNames(args: readonly string[], { hasPackages }: { readonly hasPackages?: boolean }): string[] {
  const tasks = tasksOf(args);
  return hasPackages === true ? selectedScripts(args, tasks) : tasks;
}

/** Returns the scripts, each with the packages that the filters of a command select. */
function selectedScripts(args: readonly string[], scripts: readonly string[]): string[] {
  const places = filterValues(args).map(selectedBy);
  return places.length > 0 && !places.includes(undefined)
    ? places.flatMap((place) => scripts.map((script) => `${place ?? ''}#${script}`))
    : [...scripts];
}

/**
 * Returns the package that a filter selects, or the folder of several as `./packages`. `undefined` for any other
 * pattern, and for a package with its dependencies, since any of these may be meant.
 */
function selectedBy(filter: string): string | undefined {
  if (filter.includes('...')) return undefined;
  return /^@?\w[\w./-]*$/u.test(filter) ? filter : /^(\.\/[\w./-]+?)\/\*\*?$/u.exec(filter)?.[1];
}

/** Returns the tasks among the arguments of a task runner. */
export function tasksOf(args: readonly string[]): string[] {
  return args.filter(
    (arg, index) => !arg.startsWith('-') && arg !== 'run' && !optionsWithValue.has(args[index - 1] ?? ''),
  );
}

/** Returns the values of the options that select packages in task runners. */
export function filterValues(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const value = /^(?:--filter|--scope|-F)=(.*)$/u.exec(arg)?.[1];
    const isValue = /^(?:--filter|--scope|-F)$/u.test(args[index - 1] ?? '');
    return value ?? (isValue ? arg : []);
  });
}

function scriptNames(
  program: string,
  args: readonly string[],
  { isElsewhere, hasPackages }: { readonly isElsewhere?: boolean; readonly hasPackages?: boolean },
): string[] {
  const run = isPackageManager(program) ? packageRun(program, args) : undefined;
  if (!run || !(run.isOtherPackage || isElsewhere)) return [];
  if (hasPackages !== true) return [run.script];
  const { packageName, packagePath } = run;
  const places = [
    ...(packageName === undefined ? [] : [packageName]),
    ...(packagePath === undefined || packagePath.includes('..') ? [] : [`./${plainFolder(packagePath)}`]),
  ];
  return places.length === 0
    ? selectedScripts(args, [run.script])
    : places.map((place) => `${place}#${run.script}`);
}

function plainFolder(path: string): string {
  return path.replaceAll(/^\.\/|\/$/gu, '');
}
