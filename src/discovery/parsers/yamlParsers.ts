import type { FileParser } from '../files/fileParser.js';
import { composeParser } from './compose/compose.js';
import { mprocs, processCompose } from './processes/processFiles.js';
import { moonTasks } from './taskRunners/moon.js';
import { taskfile } from './taskRunners/taskfile.js';

/** Parsers of YAML; a bundle of their own, since they share a large library. */
export const yamlParsers = { composeParser, processCompose, mprocs, moonTasks, taskfile } satisfies Readonly<
  Record<string, FileParser>
>;
