import type { ParserEntry } from './files/parserEntry.js';
import { frameworkParsers } from './parsers/frameworkParsers.js';
import { procfileParser } from './parsers/processes/procfile.js';
import type { TaskSystem } from './parsers/editor/taskServer.js';

/**
 * Returns the parsers of all sources except scripts. Parsers with a large library are loaded when they are first
 * needed: the bundler creates a separate file for each `import()`.
 */
export function parsersFor(system: TaskSystem): readonly ParserEntry[] {
  return [
    procfileParser,
    ...frameworkParsers,
    {
      source: 'compose',
      patterns: ['{docker-compose,compose}.{yml,yaml}', '{docker-compose,compose}.*.{yml,yaml}'],
      load: async () => (await import('./parsers/compose/compose.js')).composeParser,
    },
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
  ];
}
