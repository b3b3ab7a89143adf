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

/**
 * Returns the names of the scripts that a script only runs in other packages; none if it does something else.
 */
export function delegatedScripts({ script }: ServerDefinition): readonly string[] {
  if (script === undefined) return [];
  const [words, ...others] = splitCommands(script.body);
  if (words === undefined || others.length > 0) return [];
  const launched = unwrapLauncher(words);
  const [first = '', ...args] = launched?.kind === 'words' ? launched.words : words;
  const program = commandName(first);
  return /^(?:turbo|lerna)$/u.test(program) ? taskNames(args) : scriptNames(program, args);
}

function taskNames(args: readonly string[]): string[] {
  return args.filter(
    (arg, index) => !arg.startsWith('-') && arg !== 'run' && !optionsWithValue.has(args[index - 1] ?? ''),
  );
}

function scriptNames(program: string, args: readonly string[]): string[] {
  const run = isPackageManager(program) ? packageRun(program, args) : undefined;
  return run?.isOtherPackage === true ? [run.script] : [];
}
