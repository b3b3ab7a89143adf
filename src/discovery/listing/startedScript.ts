import { splitCommands } from '../../core/commandLine/parse.js';
import type { PackageScript, ServerDefinition } from '../../core/server/definition.js';
import type { ServerTraits } from '../files/fileParser.js';
import type { StartedScript } from '../files/foundDefinition.js';
import type { Paths } from '../files/workspaceFiles.js';
import { commandName } from '../scripts/classifyTool.js';
import { beforeEnd, isPackageManager, packageNamed, packageRun } from '../scripts/packageRun.js';
import { filterValues, tasksOf } from './delegatedScripts.js';
import { subjectOf } from './runSubject.js';

/** Lines without one of these start no script. */
const runner = /\b(?:npm|pnpm|pn|yarn|bun|rushx|turbo|lerna|nx)\b/u;

/** Programs that run another one in the same environment. A launcher that adds variables makes a difference. */
const plainLauncher = /^(?:npx|bunx|pnpx|(?:pnpm|yarn|npm) (?:exec|dlx)|npm x|bun x) (?:--? |-y |--yes )*/u;

/** Options that make a task runner start several packages, or start them in an unusual way. */
const selectingOptions =
  /^(?:--affected|--since|--include-(?:dependencies|dependents)|--ignore|--exclude|--projects?|-p|-c|--configuration)(?:=|$)/u;

/**
 * Returns the script that a script starts, in its own or another package, if it does nothing else. `undefined` if it
 * does more, adds variables to the environment, or does not state which package it starts.
 */
export function startedScript(
  definition: ServerDefinition,
  { onlyScript }: ServerTraits,
  paths: Paths,
): StartedScript | undefined {
  const { name, source, script, cwd } = definition;
  if (source === 'launch') return startedTarget(definition, paths);
  if (onlyScript === undefined || script === undefined || hasHooks(name, script))
    return startedByScript(definition, paths);
  return { script: onlyScript.script, folder: paths.resolve(cwd, onlyScript.folder) };
}

function startedByScript({ name, cwd, script }: ServerDefinition, paths: Paths): StartedScript | undefined {
  if (script === undefined || !runner.test(script.body) || hasHooks(name, script)) return undefined;
  // Waiting for another server is no work.
  const commands = splitCommands(script.body).filter(
    ([program = '']) => !/^wait-(?:on|port)$/u.test(program),
  );
  const [first = [], second, ...others] = commands;
  if (others.length > 0) return undefined;
  if (second === undefined) return startedBy(withoutLauncher(first), cwd, paths);
  const [program, folder, ...more] = first;
  return program === 'cd' && folder !== undefined && more.length === 0
    ? startedBy(withoutLauncher(second), paths.resolve(cwd, folder), paths)
    : undefined;
}

/** Returns the target of Nx that a configuration starts. Other commands have keys. */
function startedTarget({ command, cwd, env }: ServerDefinition, paths: Paths): StartedScript | undefined {
  if (command.kind !== 'argv' || Object.keys(env).length > 0) return undefined;
  const started = startedBy(withoutLauncher([command.file, ...command.args]), cwd, paths);
  return started?.isTarget === true ? started : undefined;
}

/** Returns whether a package manager runs other scripts before or after a script. */
export function hasHooks(name: string, { others = [] }: PackageScript): boolean {
  return others.some(([other]) => other === `pre${name}` || other === `post${name}`);
}

function withoutLauncher(words: readonly string[]): readonly string[] {
  const [launcher] = plainLauncher.exec(words.slice(0, 4).join(' ')) ?? [];
  return launcher === undefined ? words : words.slice(launcher.trim().split(' ').length);
}

function startedBy(words: readonly string[], cwd: string, paths: Paths): StartedScript | undefined {
  const [first = '', ...args] = words;
  const program = commandName(first);
  if (program === 'nx') return nxTarget(beforeEnd(args));
  if (program === 'turbo' || program === 'lerna') return taskOfPackage(beforeEnd(args), cwd, paths);
  return isPackageManager(program) ? packageScript(program, args, cwd, paths) : undefined;
}

function packageScript(
  program: string,
  args: readonly string[],
  cwd: string,
  paths: Paths,
): StartedScript | undefined {
  const run = packageRun(program, args);
  if (!run || subjectOf('', run.args).length > 0) return undefined;
  const { script, isOtherPackage } = run;
  return isOtherPackage ? scriptIn(run, script, cwd, paths) : { script, folder: cwd };
}

function scriptIn(
  { packageName, packagePath }: ReturnType<typeof packageNamed>,
  script: string,
  cwd: string,
  paths: Paths,
): StartedScript | undefined {
  if (packageName === undefined && packagePath === undefined) return undefined;
  return {
    script,
    ...(packageName !== undefined && { packageName }),
    ...(packagePath !== undefined && { folder: paths.resolve(cwd, packagePath) }),
  };
}

/** Returns the script of `turbo run dev --filter=web`, `turbo web#dev` and `lerna run dev --scope web`. */
function taskOfPackage(args: readonly string[], cwd: string, paths: Paths): StartedScript | undefined {
  const tasks = tasksOf(args);
  const [script = '', ...packages] = (tasks[0] ?? '').split('#').toReversed();
  const selected = [...packages, ...filterValues(args)];
  return tasks.length === 1 && selected.length === 1 && !args.some((arg) => selectingOptions.test(arg))
    ? scriptIn(packageNamed(selected[0] ?? ''), script, cwd, paths)
    : undefined;
}

/** Returns the target of `nx serve web` and `nx run web:serve`. */
function nxTarget(args: readonly string[]): StartedScript | undefined {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const [packageName = '', script = '', ...others] =
    words[0] === 'run' ? words.slice(1).flatMap((word) => word.split(':')) : words.toReversed();
  const isOne = /^@?\w[\w./-]*$/u.test(packageName) && /^\w[\w-]*$/u.test(script) && others.length === 0;
  return isOne && !args.some((arg) => selectingOptions.test(arg))
    ? { script, packageName, isTarget: true }
    : undefined;
}
