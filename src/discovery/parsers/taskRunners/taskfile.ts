import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { folderOf, joinPath } from '../../files/relativePath.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { unreadableFile } from '../shared/findings.js';
import { parseYamlFile } from '../shared/yaml.js';
import { targetServers, type Target } from './targets.js';

/** Included files that are read. */
const maxIncludes = 20;

/** File names that are tried in an included folder. */
const fileNames: readonly string[] = ['Taskfile.yml', 'Taskfile.yaml', 'taskfile.yml', 'taskfile.yaml'];

/** Finds the tasks of Task that serve. */
export const taskfile: FileParser = {
  source: 'taskRunners',
  patterns: ['{Taskfile,taskfile,Taskfile.dist,taskfile.dist}.{yml,yaml}'],
  parse({ path, text }, facts) {
    const read = parseYamlFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const tasks = [...tasksOf(read.value), ...includedTasks(read.value, folderOf(path), facts)];
    return targetServers(tasks, { program: 'task', folder: folderOf(path) }, facts);
  },
};

function tasksOf(taskfileValue: unknown): Target[] {
  return ownEntries(ownValue(taskfileValue, 'tasks')).map(([name, task]) => targetOf(name, task));
}

/**
 * Returns the tasks of included files, with their namespaces: `docs:serve`, and `docs` for the default task of the file
 * that is included as `docs`.
 */
function includedTasks(taskfileValue: unknown, folder: string, facts: FolderFacts): Target[] {
  const includes = ownEntries(ownValue(taskfileValue, 'includes')).slice(0, maxIncludes);
  return includes.flatMap(([namespace, include]) => {
    const place = typeof include === 'string' ? include : ownValue(include, 'taskfile');
    // Files outside of the folder, and files with computed names, are not read.
    if (typeof place !== 'string' || /^\/|\.\.|\{\{|:/u.test(place)) return [];
    const path = joinPath(folder, place.replace(/^\.\/|\/$/gu, ''));
    const files = /\.ya?ml$/u.test(path) ? [path] : fileNames.map((name) => joinPath(path, name));
    const text = files.map((file) => facts.text(file)).find((each) => each !== undefined);
    const read = text === undefined ? undefined : parseYamlFile(text, facts.l10n);
    if (read === undefined || 'problem' in read) return [];
    const dir = ownValue(include, 'dir');
    return tasksOf(read.value).map(({ name, lines, isHidden = false }) => ({
      name: name === 'default' ? namespace : `${namespace}:${name}`,
      lines: [...(typeof dir === 'string' ? [`cd ${dir}`] : []), ...lines],
      isHidden,
      // The included file lists its tasks itself.
      isOtherWay: true,
    }));
  });
}

function targetOf(name: string, task: unknown): Target {
  const commands = [
    ...list(ownValue(task, 'deps')).map((dependency) => ({
      task: ownValue(dependency, 'task') ?? dependency,
    })),
    ...list(ownValue(task, 'cmd')),
    ...list(ownValue(task, 'cmds')),
    ...(typeof task === 'string' || Array.isArray(task) ? list(task) : []),
  ];
  const dir = ownValue(task, 'dir');
  return {
    name,
    isHidden: ownValue(task, 'internal') === true,
    lines: [...(typeof dir === 'string' ? [`cd ${dir}`] : []), ...commands.flatMap(commandLine)],
  };
}

function commandLine(command: unknown): string[] {
  const line = typeof command === 'string' ? command : ownValue(command, 'cmd');
  if (typeof line === 'string') return [line];
  const task = ownValue(command, 'task');
  return typeof task === 'string' ? [`task ${task}`] : [];
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}
