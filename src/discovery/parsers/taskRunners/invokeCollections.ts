import type { FolderFacts, FoundFile } from '../../files/fileParser.js';
import { folderOf } from '../../files/relativePath.js';
import { moduleText } from '../python/pythonModules.js';
import type { Target } from './targets.js';

/** Maximum number of nested collections. */
const maxDepth = 3;

/** A collection of tasks: functions, modules and other collections, by the names of their variables. */
interface Collection {
  readonly name: string | undefined;
  readonly members: Member[];
}

interface Member {
  readonly variable: string;
  /** Its name in the collection that contains it. */
  readonly name: string | undefined;
}

/** Returns the top-level tasks of a file, by the names of their functions. */
type TasksOf = (text: string) => ReadonlyMap<string, Target>;

/**
 * Returns the tasks of a file that the command line knows: all of them, or those of its collection. The name of a
 * nested collection precedes those of its tasks: `docs.serve`.
 */
export function exposedTasks(file: FoundFile, tasksOf: TasksOf, facts: FolderFacts, depth = 0): Target[] {
  const own = tasksOf(file.text);
  const collections = collectionsIn(file.text);
  const top = collections.get('ns') ?? collections.get('namespace');
  if (!top) return [...own.values()];
  const resolve = (member: Member, level: number): Target[] => {
    const { variable, name } = member;
    const task = own.get(variable);
    if (task) return [name === undefined ? task : { ...task, name }];
    if (level > maxDepth) return [];
    const collection = collections.get(variable);
    if (!collection) return moduleTasks(file, member, tasksOf, facts, level + 1);
    const tasks = collection.members.flatMap((each) => resolve(each, level + 1));
    return named(name ?? collection.name ?? variable, tasks);
  };
  return top.members.flatMap((member) => resolve(member, depth));
}

/** Returns the tasks of a module that a file imports. */
function moduleTasks(
  file: FoundFile,
  { variable, name }: Member,
  tasksOf: TasksOf,
  facts: FolderFacts,
  depth: number,
): Target[] {
  const module = importedModule(file, variable);
  const text = module === undefined ? undefined : moduleText(folderOf(file.path), module, facts);
  if (module === undefined || text === undefined) return [];
  const tasks = exposedTasks({ path: file.path, text }, tasksOf, facts, depth);
  return named(name ?? module.split('.').at(-1) ?? variable, tasks);
}

function named(collection: string, tasks: readonly Target[]): Target[] {
  const prefix = `${collection.replaceAll('_', '-')}.`;
  return tasks.map(({ name, lines, ...task }) => ({
    ...task,
    name: prefix + name,
    lines: lines.map((line) => line.replace(/^invoke /u, `invoke ${prefix}`)),
  }));
}

function collectionsIn(text: string): ReadonlyMap<string, Collection> {
  const collections = new Map<string, Collection>();
  const statements = text.matchAll(
    /^(\w{1,99})(?:\s?=\s?Collection|\.add_(task|collection))\(([^=]{0,2000}?|[^\n]{0,500})\)\s?$/gmu,
  );
  for (const [, variable = '', added, list = ''] of statements) {
    const args = list.split(',').map((arg) => arg.trim().replaceAll(/Collection\.from_module\(|\)/gu, ''));
    const given = args.map((arg) => /^(?:name\s*=\s*)?["']([\w.-]+)["']$/u.exec(arg)?.[1]).find(Boolean);
    const members = args.flatMap((arg): Member[] => {
      const [, name, member] = /^(?:(?!name\b)(\w+)\s*=\s*)?([A-Za-z_]\w*)$/u.exec(arg) ?? [];
      return member === undefined ? [] : [{ variable: member, name: added === undefined ? name : given }];
    });
    if (added === undefined) collections.set(variable, { name: given, members });
    else collections.get(variable)?.members.push(...members);
  }
  return collections;
}

/** Returns the name of the module that a variable stands for. */
function importedModule({ text }: FoundFile, variable: string): string | undefined {
  const statements = text.matchAll(
    /^(?:from ([\w.]{1,200}) )?import (?:\(([^()]{0,2000})\)|([^\n(]{1,500}))$/gmu,
  );
  for (const [, from, list, names] of statements) {
    for (const each of (list ?? names ?? '').split(',')) {
      const [name = '', alias = name] = each.split(/\sas\s/u).map((word) => word.trim());
      if (alias === variable)
        return from === undefined ? name : `${from}${from.endsWith('.') ? '' : '.'}${name}`;
    }
  }
  return undefined;
}
