import type { FileParser } from './files/fileParser.js';
import type { ParserEntry } from './files/parserEntry.js';
import { frameworkParsers } from './parsers/frameworkParsers.js';
import { guide, guidePages } from './parsers/guides/guide.js';
import { procfileParser } from './parsers/processes/procfile.js';
import type { TaskSystem } from './parsers/editor/taskServer.js';
import type { tomlParsers } from './parsers/tomlParsers.js';
import type { yamlParsers } from './parsers/yamlParsers.js';

/**
 * Returns the parsers of all sources except scripts. Parsers with a large library are loaded when they are first
 * needed: the bundler creates a separate file for each `import()`.
 */
export function parsersFor(system: TaskSystem): readonly ParserEntry[] {
  return [
    procfileParser,
    ...frameworkParsers,
    guide,
    guidePages,
    {
      source: 'compose',
      patterns: [
        '{docker-compose,compose}.{yml,yaml}',
        '{docker-compose,compose}.*.{yml,yaml}',
        '{docker-compose,compose}-*.{yml,yaml}',
      ],
      load: yaml('composeParser'),
    },
    {
      source: 'taskRunners',
      patterns: ['{Taskfile,taskfile,Taskfile.dist,taskfile.dist}.{yml,yaml}'],
      load: async () => (await import('./parsers/yamlTaskParsers.js')).yamlTaskParsers.taskfile,
    },
    {
      source: 'taskRunners',
      patterns: ['moon.{yml,yaml}'],
      load: async () => (await import('./parsers/yamlTaskParsers.js')).yamlTaskParsers.moonTasks,
    },
    {
      source: 'taskRunners',
      patterns: ['tasks.py', 'tasks/__init__.py'],
      load: async () => (await import('./parsers/taskRunners/pythonTaskFiles.js')).invokeTasks,
    },
    {
      source: 'taskRunners',
      patterns: ['noxfile.py'],
      load: async () => (await import('./parsers/taskRunners/pythonTaskFiles.js')).noxSessions,
    },
    { source: 'procfile', patterns: ['process-compose.{yml,yaml}'], load: yaml('processCompose') },
    { source: 'procfile', patterns: ['mprocs.{yml,yaml}'], load: yaml('mprocs') },
    { source: 'cargo', patterns: ['Cargo.toml'], load: toml('cargo') },
    {
      source: 'taskRunners',
      patterns: ['.cargo/config.toml', '.cargo/config'],
      load: toml('cargoAliases'),
    },
    {
      source: 'taskRunners',
      patterns: ['mise.toml', '.mise.toml', '.config/mise.toml', 'mise/config.toml'],
      load: toml('mise'),
    },
    { source: 'taskRunners', patterns: ['pyproject.toml'], load: toml('pythonTasks') },
    { source: 'taskRunners', patterns: ['tox.ini', 'tox.toml'], load: toml('toxEnvironments') },
    {
      source: 'tasks',
      patterns: ['.vscode/tasks.json'],
      load: async () => (await import('./parsers/editor/tasks.js')).tasksParser(system),
    },
    {
      source: 'launch',
      patterns: ['.claude/launch.json'],
      load: async () => (await import('./parsers/editor/launch.js')).launchParser,
    },
    {
      source: 'launch',
      patterns: [
        '.devcontainer.json',
        '.devcontainer/devcontainer.json',
        '.devcontainer/*/devcontainer.json',
      ],
      load: async () => (await import('./parsers/editor/launch.js')).devcontainer,
    },
    {
      source: 'launch',
      patterns: ['.vscode/launch.json'],
      load: async () => (await import('./parsers/editor/debugLaunch.js')).debugLaunchParser,
    },
  ];
}

function yaml(name: keyof typeof yamlParsers): () => Promise<FileParser> {
  return async () => (await import('./parsers/yamlParsers.js')).yamlParsers[name];
}

function toml(name: keyof typeof tomlParsers): () => Promise<FileParser> {
  return async () => (await import('./parsers/tomlParsers.js')).tomlParsers[name];
}
