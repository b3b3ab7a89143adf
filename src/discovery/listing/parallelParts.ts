import type { PackageScript, ServerDefinition } from '../../core/server/definition.js';
import { splitCommands } from '../../core/commandLine/parse.js';
import type { FoundDefinition } from '../files/foundDefinition.js';
import { CommandClassifier } from '../scripts/classifyCommand.js';
import { commandName } from '../scripts/classifyTool.js';
import { isPackageManager, packageRun } from '../scripts/packageRun.js';
import { unwrapped } from '../scripts/unwrapLauncher.js';
import { compareNames } from './sameScripts.js';

const parallelTool = /\b(?:run-p|npm-run-all2?|conc(?:urrently)?)\b/u;

/**
 * Maps each script that is the only part of a parallel script that serves to that script, which also runs compilers or
 * generators. A part with a more usual name stays a server of its own.
 */
export function onlyServingParts(
  found: readonly FoundDefinition[],
): ReadonlyMap<FoundDefinition, FoundDefinition> {
  const parts = new Map<FoundDefinition, FoundDefinition>();
  const scripts = found.filter(
    ({ definition, traits }) => definition.source === 'scripts' && traits.isGuess !== true,
  );
  const parallel = scripts.filter(({ definition }) => parallelTool.test(definition.script?.body ?? ''));
  for (const server of parallel.toSorted(compareNames)) {
    const name = onlyServing(server.definition, (part) =>
      scripts.some(({ definition }) => isScript(definition, part, server)),
    );
    const part = scripts.find(({ definition }) => isScript(definition, name, server));
    if (part && !parts.has(part) && part.purpose === server.purpose && compareNames(server, part) <= 0)
      parts.set(part, server);
  }
  return parts;
}

function isScript(
  { name, cwd }: ServerDefinition,
  wanted: string | undefined,
  { definition }: FoundDefinition,
): boolean {
  return name === wanted && cwd === definition.cwd && name !== definition.name;
}

/** Returns the name of the only part that serves; `undefined` unless all others certainly do other work. */
function onlyServing(
  { name, script }: ServerDefinition,
  isServer: (part: string) => boolean,
): string | undefined {
  if (script === undefined) return undefined;
  const scripts = new Map([[name, script.body], ...(script.others ?? [])]);
  const parts = partsOf(script, scripts);
  const serving = parts.filter((part) => isServer(part));
  const classifier = new CommandClassifier(scripts);
  const isOther = (part: string): boolean =>
    (classifier.classifyScript(part) ?? classifier.classifyLine(part)) === 'other';
  const others = parts.filter((part) => !serving.includes(part));
  return serving.length === 1 && others.length > 0 && others.every(isOther) ? serving[0] : undefined;
}

/** Returns the scripts that a script runs in parallel, and the lines that are not scripts. */
function partsOf({ body }: PackageScript, scripts: ReadonlyMap<string, string>): string[] {
  const [words = [], ...others] = splitCommands(body);
  if (others.length > 0) return [];
  const [first = '', ...args] = unwrapped(words);
  const program = commandName(first);
  const isParallel =
    /^(?:run-p|conc(?:urrently)?)$/u.test(program) ||
    (/^npm-run-all2?$/u.test(program) && args.some((arg) => /^(?:-p|-pl|--parallel)$/u.test(arg)));
  if (!isParallel) return [];
  const named = args.filter((arg) => !arg.startsWith('-')).map(partNamed);
  return named.flatMap((part) => matching(part, scripts));
}

/** Returns the script that a part such as `npm:watch` or `npm run watch` names, or else its line. */
function partNamed(part: string): string {
  const short = /^(?:npm|yarn|pnpm|bun|node):(\S+)$/u.exec(part)?.[1];
  if (short !== undefined) return short;
  const [program = '', ...args] = part.split(/\s+/u);
  const run = isPackageManager(program) ? packageRun(program, args) : undefined;
  return run && !run.isOtherPackage && run.args.length === 0 ? run.script : part;
}

function matching(part: string, scripts: ReadonlyMap<string, string>): string[] {
  const star = part.indexOf('*');
  if (star === -1 || part.includes(' ')) return [part];
  const [start, end] = [part.slice(0, star), part.slice(star).replace(/^\*+/u, '')];
  return [...scripts.keys()].filter((name) => name.startsWith(start) && name.endsWith(end));
}
