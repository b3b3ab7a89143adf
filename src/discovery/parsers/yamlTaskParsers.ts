import type { FileParser } from '../files/fileParser.js';
import { moonTasks } from './taskRunners/moon.js';
import { taskfile } from './taskRunners/taskfile.js';

/** Parsers of task runners in YAML, which also classify commands. */
export const yamlTaskParsers = { moonTasks, taskfile } satisfies Readonly<Record<string, FileParser>>;
