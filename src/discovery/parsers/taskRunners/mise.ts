import type { FileParser } from '../../files/fileParser.js';
import { unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseTomlFile } from '../shared/toml.js';
import { targetServers, type Target } from './targets.js';

/** Finds the tasks of mise that serve. */
export const mise: FileParser = {
  source: 'taskRunners',
  patterns: ['mise.toml', '.mise.toml', '.config/mise.toml', 'mise/config.toml'],
  parse({ text }, facts) {
    const read = parseTomlFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const tasks = ownEntries(ownValue(read.value, 'tasks')).map(([name, task]) => targetOf(name, task));
    return targetServers(tasks, { program: 'mise', args: ['run'] }, facts);
  },
};

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
