import type { ParserEntry } from './files/parserEntry.js';
import { frameworkParsers } from './parsers/frameworks.js';
import { procfileParser } from './parsers/procfile.js';
import type { TaskSystem } from './parsers/taskServer.js';

/**
 * What is looked for beside the scripts of packages. A parser that needs a large library is loaded when it is needed:
 * the bundler makes a file of its own of what `import()` names.
 */
export function parsersFor(system: TaskSystem): readonly ParserEntry[] {
  return [
    procfileParser,
    ...frameworkParsers,
    {
      source: 'compose',
      patterns: ['{docker-compose,compose}.{yml,yaml}', '{docker-compose,compose}.*.{yml,yaml}'],
      load: async () => (await import('./parsers/compose.js')).composeParser,
    },
    {
      source: 'tasks',
      patterns: ['.vscode/tasks.json'],
      load: async () => (await import('./parsers/tasks.js')).tasksParser(system),
    },
    {
      source: 'launch',
      patterns: ['.claude/launch.json'],
      load: async () => (await import('./parsers/launch.js')).launchParser,
    },
  ];
}
