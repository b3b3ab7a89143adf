import type { FileParser, Findings, FolderFacts } from '../../files/fileParser.js';
import { folderOf } from '../../files/relativePath.js';
import { noFindings } from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseTomlFile } from '../shared/toml.js';
import { pythonRunner } from '../python/python.js';
import { targetServers, type Target } from './targets.js';
import { tomlEnvironments, toxRunner } from './tox.js';

/** A tool that runs tasks of `pyproject.toml`. */
interface PythonTaskTool {
  /** Keys that lead to its table of tasks. */
  readonly table: readonly string[];
  readonly program: string;
  readonly args?: readonly string[];
  /** Whether it is installed in the environment of the project, and does not manage environments itself. */
  readonly isInEnvironment?: boolean;
}

const tools: readonly PythonTaskTool[] = [
  { table: ['tool', 'poe', 'tasks'], program: 'poe', isInEnvironment: true },
  { table: ['tool', 'taskipy', 'tasks'], program: 'task', isInEnvironment: true },
  { table: ['tool', 'pdm', 'scripts'], program: 'pdm', args: ['run'] },
  { table: ['tool', 'pixi', 'tasks'], program: 'pixi', args: ['run'] },
  { table: ['tool', 'hatch', 'envs', 'default', 'scripts'], program: 'hatch', args: ['run'] },
];

/** Finds the tasks of Poe the Poet, taskipy, PDM, Pixi and Hatch and the environments of tox that serve. */
export const pythonTasks: FileParser = {
  source: 'taskRunners',
  patterns: ['pyproject.toml'],
  parse({ path, text }, facts) {
    if (!/\[tool\.(?:poe|taskipy|pdm|pixi|hatch|tox)\b/u.test(text)) return noFindings;
    const read = parseTomlFile(text, facts.l10n);
    // The tools that use the file report what is wrong with it.
    if ('problem' in read) return noFindings;
    const environments = tomlEnvironments(ownValue(ownValue(read.value, 'tool'), 'tox'));
    const found = [
      ...tools.map((tool) => tasksOf(read.value, tool, folderOf(path), facts)),
      targetServers(environments, toxRunner, facts),
    ];
    return {
      servers: found.flatMap(({ servers }) => servers),
      problems: found.flatMap(({ problems }) => problems),
    };
  },
};

function tasksOf(
  project: unknown,
  { table, program, args = [], isInEnvironment = false }: PythonTaskTool,
  folder: string,
  facts: FolderFacts,
): Findings {
  const tasks = ownEntries(table.reduce(ownValue, project)).map(([name, task]) =>
    targetOf(name, task, program),
  );
  if (tasks.length === 0) return noFindings;
  const launcher = isInEnvironment ? pythonRunner(folder, facts) : undefined;
  return targetServers(tasks, { program, args, launcher }, facts);
}

/** Returns the lines of a task: a line, a list of other tasks, or a table with either. */
function targetOf(name: string, task: unknown, program: string): Target {
  const keys = ['cmd', 'shell', 'sequence', 'composite'];
  const runs = keys.map((key) => ownValue(task, key)).find((each) => each !== undefined) ?? task;
  const folder = ownValue(task, 'cwd');
  const isList = Array.isArray(runs);
  const lines = [runs].flat().filter((line) => typeof line === 'string');
  return {
    name,
    // In Poe the Poet, only other tasks run tasks with this prefix.
    isHidden: name.startsWith('_'),
    lines: [
      ...(typeof folder === 'string' ? [`cd ${folder}`] : []),
      ...lines.map((line) => (isList && program === 'poe' ? `poe ${line}` : line)),
    ],
  };
}
