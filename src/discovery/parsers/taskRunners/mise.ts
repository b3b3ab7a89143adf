import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { folderOf, joinPath } from '../../files/relativePath.js';
import { unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseTomlFile } from '../shared/toml.js';
import { targetServers, type Target } from './targets.js';

/** Finds the tasks of mise that serve. */
export const mise: FileParser = {
  source: 'taskRunners',
  patterns: ['mise.toml', '.mise.toml', '.config/mise.toml', 'mise/config.toml'],
  parse({ path, text }, facts) {
    const read = parseTomlFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const tasks = tasksIn(ownValue(read.value, 'tasks'));
    const included = includedTasks(read.value, folderOf(path), facts);
    return targetServers([...tasks, ...included], { program: 'mise', args: ['run'] }, facts);
  },
};

function tasksIn(value: unknown): Target[] {
  return ownEntries(value).map(([name, task]) => targetOf(name, task));
}

/** Maximum number of task files that are read. */
const maxIncludes = 20;

/** Returns the tasks of the files that the task settings name. */
function includedTasks(settings: unknown, folder: string, facts: FolderFacts): Target[] {
  const includes = [ownValue(ownValue(settings, 'task_config'), 'includes')].flat();
  const files = includes
    .flatMap((file) => (typeof file === 'string' && /^[\w.][\w./-]*\.toml$/u.test(file) ? file : []))
    .filter((file) => !file.includes('..'));
  return files.slice(0, maxIncludes).flatMap((file) => {
    const text = facts.text(joinPath(folder, file.replace(/^\.\//u, '')));
    const read = text === undefined ? undefined : parseTomlFile(text, facts.l10n);
    return read && 'value' in read ? tasksIn(read.value) : [];
  });
}

function targetOf(name: string, task: unknown): Target {
  const run = ownValue(task, 'run') ?? task;
  const depends = [ownValue(task, 'depends')].flat().filter((each) => typeof each === 'string');
  const dir = ownValue(task, 'dir');
  const lines = [run].flat().filter((line) => typeof line === 'string');
  return {
    name,
    isHidden: ownValue(task, 'hide') === true,
    lines: [
      ...depends.map((each) => `mise run ${each}`),
      ...(typeof dir === 'string' ? [`cd ${dir.replace(/^\{\{\s*config_root\s*\}\}\/?/u, './')}`] : []),
      ...lines,
    ],
  };
}
