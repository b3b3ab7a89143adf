import * as v from 'valibot';
import type { ServerCommand } from '../../../core/server/definition.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import type { FolderFacts, FoundServer } from '../../files/fileParser.js';
import { classifyName, splitName } from '../../scripts/nameWords.js';
import { agentFromLockFile, runCommand } from '../../scripts/packageManager.js';
import { fillFolderVariables, parentPath } from '../../files/folderVariables.js';

/** Names of platforms in `tasks.json`. */
export type TaskSystem = 'windows' | 'osx' | 'linux';

const text = v.pipe(
  v.string(),
  v.check((value) => !value.includes('\0')),
);
const argumentSchema = v.union([
  text,
  v.pipe(
    v.object({ value: text }),
    v.transform(({ value }) => value),
  ),
]);
const schema = v.object({
  type: v.optional(text),
  command: v.optional(argumentSchema),
  args: v.optional(v.array(argumentSchema)),
  script: v.optional(text),
  path: v.optional(text),
  options: v.optional(
    v.object({
      cwd: v.optional(text),
      env: v.optional(v.record(text, text)),
      shell: v.optional(v.object({ executable: v.optional(text), args: v.optional(v.array(text)) })),
    }),
  ),
});
type Task = v.InferOutput<typeof schema>;

const withoutScripts = new CommandClassifier(new Map());

/**
 * Returns the server that a background task starts; `undefined` for a task that watches or builds, and for task types
 * of extensions. `folder` is the one above `.vscode`. Throws for an invalid property, or an `UnknownVariableError`.
 */
export function taskServer(
  entry: Readonly<Record<string, unknown>>,
  label: string,
  folder: string,
  facts: FolderFacts,
): FoundServer | undefined {
  const parsed = v.safeParse(schema, entry);
  if (!parsed.success) {
    throw new Error(facts.l10n.t('"{0}" has not the right form', v.getDotPath(parsed.issues[0]) ?? 'tasks'));
  }
  const task = parsed.output;
  const name = folder.split('/').pop() ?? '';
  const subfolder = fillFolderVariables(task.options?.cwd ?? task.path ?? '', '.', name);
  const fill = (value: string): string => fillFolderVariables(value, parentPath(subfolder), name);
  const directory = [folder, subfolder].filter((part) => part !== '').join('/');
  const command =
    task.type === 'npm' ? scriptCommand(task, [directory, folder, ''], facts) : taskCommand(task, fill);
  if (!command || !isServerTask(task, command)) return undefined;
  return { name: label, command, directory, ...taskEnvironment(task, fill) };
}

function taskEnvironment({ options }: Task, fill: (value: string) => string): Pick<FoundServer, 'env'> {
  if (!options?.env) return {};
  return {
    env: Object.fromEntries(Object.entries(options.env).map(([key, value]) => [key, fill(value)])),
  };
}

function scriptCommand(
  { script }: Task,
  folders: readonly string[],
  facts: FolderFacts,
): ServerCommand | undefined {
  const agents = folders.flatMap((folder) => agentFromLockFile(facts.names(folder)) ?? []);
  return script === undefined ? undefined : runCommand(agents[0] ?? 'npm', script);
}

function taskCommand(
  { type = 'shell', command, args = [], options }: Task,
  fill: (value: string) => string,
): ServerCommand | undefined {
  if (command === undefined) return undefined;
  if (type === 'process') return { kind: 'argv', file: fill(command), args: args.map(fill) };
  if (type !== 'shell') return undefined;
  const line = [command, ...args.map(shellQuoted)].map(fill).join(' ');
  const shell = options?.shell;
  if (shell?.executable === undefined) return { kind: 'shell', line };
  return { kind: 'argv', file: fill(shell.executable), args: [...(shell.args ?? ['-c']), line] };
}

/** Quotes an argument as the editor does: only one with white space; the shell interprets any other. */
function shellQuoted(argument: string): string {
  if (!/\s/u.test(argument) || /^(["']).*\1$/su.test(argument)) return argument;
  return argument.includes('"') ? `'${argument}'` : `"${argument}"`;
}

/** Returns whether a background task serves; a watching compiler is a background task too. */
function isServerTask({ script }: Task, command: ServerCommand): boolean {
  if (script !== undefined) {
    const classification = classifyName(script);
    return (
      classification === 'server' || (classification === 'unknown' && !splitName(script).includes('watch'))
    );
  }
  const line =
    command.kind === 'shell' ? command.line : [command.file, ...command.args].map(shellQuoted).join(' ');
  return withoutScripts.classifyLine(line) !== 'other';
}
