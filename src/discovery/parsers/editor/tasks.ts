import type { FileParser, Findings, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { isObject } from '../../files/isObject.js';
import { parseJsonc } from '../../files/jsonc.js';
import { folderOf } from '../../files/relativePath.js';
import { maxEntries } from '../../files/limits.js';
import { excessProblem, unreadableFile } from '../shared/findings.js';
import { sizeProblem } from '../shared/sourceText.js';
import { taskServer, type TaskSystem } from './taskServer.js';
import { UnknownVariableError } from '../../files/folderVariables.js';
import { errorMessage } from '../../../core/errorMessage.js';

/** Finds the tasks that serve. `system` is the name of the platform in `tasks.json`. */
export function tasksParser(system: TaskSystem): FileParser {
  return {
    source: 'tasks',
    patterns: ['.vscode/tasks.json'],
    parse: (file, facts) => {
      const tooLarge = sizeProblem(file.text, facts.l10n);
      if (tooLarge !== undefined) return unreadableFile(tooLarge);
      const { value, problems } = parseJsonc(file.text, facts.l10n);
      const found = isObject(value)
        ? tasksIn(value, system, folderOf(folderOf(file.path)), facts)
        : undefined;
      if (!found && value !== undefined)
        return { servers: [], problems: [...problems, facts.l10n.t('It is not a JSON object.')] };
      return { servers: found?.servers ?? [], problems: [...problems, ...(found?.problems ?? [])] };
    },
  };
}

function tasksIn(
  file: Readonly<Record<string, unknown>>,
  system: TaskSystem,
  folder: string,
  facts: FolderFacts,
): Findings {
  const entries = file['tasks'] ?? [];
  if (!Array.isArray(entries)) return { servers: [], problems: [facts.l10n.t('"tasks" is not a list.')] };
  const servers: FoundServer[] = [];
  const problems = excessProblem(entries, facts.l10n);
  for (const entry of entries.slice(0, maxEntries).filter(isObject)) {
    const task = { ...withSystem(file, system), ...withSystem(entry, system) };
    const label = taskLabel(task);
    try {
      const server = taskServer(task, label, folder, facts);
      if (server) servers.push(server);
    } catch (error) {
      const isOther = error instanceof UnknownVariableError && !serves(task, label, folder, facts);
      if (!isOther) problems.push(exclusionReason(error, label, facts));
    }
  }
  return { servers, problems };
}

/** Returns whether a task starts a server, regardless of the values of its variables. */
function serves(
  task: Readonly<Record<string, unknown>>,
  label: string,
  folder: string,
  facts: FolderFacts,
): boolean {
  const text = JSON.stringify(task).replaceAll(/\$\{[^{}"\\]{0,200}\}/gu, 'x');
  const value: unknown = JSON.parse(text);
  try {
    return isObject(value) && taskServer(value, label, folder, facts) !== undefined;
  } catch {
    return true;
  }
}

/** Returns the name of a task. Old files have `taskName`, and tasks for scripts may have no name. */
function taskLabel(task: Readonly<Record<string, unknown>>): string {
  const label = [task['label'], task['taskName'], task['script'], task['command']].find(
    (name) => typeof name === 'string' && name.trim() !== '',
  );
  return typeof label === 'string' ? label : '?';
}

function exclusionReason(error: unknown, label: string, { l10n }: FolderFacts): string {
  return error instanceof UnknownVariableError
    ? l10n.t('The task "{0}" was ignored: {1} is not known outside the editor.', label, error.variable)
    : l10n.t('The task "{0}" was ignored: {1}', label, errorMessage(error));
}

/** Merges the properties of a task for this platform over its general ones. */
function withSystem(
  { tasks: _tasks, ...task }: Readonly<Record<string, unknown>>,
  system: TaskSystem,
): Readonly<Record<string, unknown>> {
  const platformTask = task[system];
  if (!isObject(platformTask)) return task;
  const both = isObject(task['options']) && isObject(platformTask['options']);
  return {
    ...task,
    ...platformTask,
    ...(both ? { options: { ...(task['options'] as object), ...(platformTask['options'] as object) } } : {}),
  };
}
