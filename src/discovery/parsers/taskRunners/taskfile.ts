import type { FileParser } from '../../files/fileParser.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { unreadableFile } from '../shared/findings.js';
import { parseYamlFile } from '../shared/yaml.js';
import { targetServers, type Target } from './targets.js';

/** Finds the tasks of Task that serve. */
export const taskfile: FileParser = {
  source: 'taskRunners',
  patterns: ['{Taskfile,taskfile,Taskfile.dist,taskfile.dist}.{yml,yaml}'],
  parse({ text }, facts) {
    const read = parseYamlFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const tasks = ownEntries(ownValue(read.value, 'tasks')).map(([name, task]) => targetOf(name, task));
    return targetServers(tasks, { program: 'task' }, facts);
  },
};

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
