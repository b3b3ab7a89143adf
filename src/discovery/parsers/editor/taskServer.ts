import type { SystemName } from '../../files/systemName.js';
import * as v from 'valibot';
import type { ServerCommand } from '../../../core/server/definition.js';
import { classifyIn, quotedWord } from './classifyIn.js';
import type { FolderFacts, FoundServer } from '../../files/fileParser.js';
import { classifyName, splitName } from '../../scripts/nameWords.js';
import { agentFromLockFile, runCommand } from '../../scripts/packageManager.js';
import { fillFolderVariables, parentPath } from '../../files/folderVariables.js';

/** Names of platforms in `tasks.json`. */
export type TaskSystem = SystemName;

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
  isBackground: v.optional(v.boolean()),
  group: v.optional(v.union([text, v.object({ kind: v.optional(text) })])),
  options: v.optional(
    v.object({
      cwd: v.optional(text),
      env: v.optional(v.record(text, text)),
      shell: v.optional(v.object({ executable: v.optional(text), args: v.optional(v.array(text)) })),
    }),
  ),
});
type Task = v.InferOutput<typeof schema>;

/**
 * Returns the server that a task starts; `undefined` for a task that watches or builds, and for task types of
 * extensions. `folder` is the one above `.vscode`. Throws for an invalid property, and an `UnknownVariableError` for a
 * variable.
 */
export function taskServer(
  entry: Readonly<Record<string, unknown>>,
  label: string,
  folder: string,
  facts: FolderFacts,
): FoundServer | undefined {
  const parsed = v.safeParse(schema, entry);
  if (!parsed.success) {
    throw new Error(facts.l10n.t('"{0}" is not valid', v.getDotPath(parsed.issues[0]) ?? 'tasks'));
  }
  const task = parsed.output;
  const name = folder.split('/').pop() ?? '';
  const subfolder = fillFolderVariables(task.options?.cwd ?? task.path ?? '', '.', name);
  const fill = (value: string): string => fillFolderVariables(value, parentPath(subfolder), name);
  const directory = [folder, subfolder].filter((part) => part !== '').join('/');
  const command =
    task.type === 'npm' ? scriptCommand(task, [directory, folder, ''], facts) : taskCommand(task, fill);
  if (!command || !isServerTask(task, command, directory, facts)) return undefined;
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
  const line = [command, ...args.map(quotedWord)].map(fill).join(' ');
  const shell = options?.shell;
  if (shell?.executable === undefined) return { kind: 'shell', line };
  return { kind: 'argv', file: fill(shell.executable), args: [...(shell.args ?? ['-c']), line] };
}

/**
 * Returns whether a task serves. A watching compiler is a background task, too, so its command must not do other work.
 * Any other task must certainly be a server.
 */
function isServerTask(task: Task, command: ServerCommand, directory: string, facts: FolderFacts): boolean {
  const classification = classifyIn(command, directory, facts);
  if (classification === 'server' || classification === 'other') return classification === 'server';
  const group = typeof task.group === 'object' ? task.group.kind : task.group;
  if (task.isBackground !== true || group === 'build' || group === 'test') return false;
  if (task.script === undefined) return true;
  const named = classifyName(task.script);
  return named === 'server' || (named === 'unknown' && !splitName(task.script).includes('watch'));
}
