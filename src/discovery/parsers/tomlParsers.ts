import type { FileParser } from '../files/fileParser.js';
import { cargo } from './rust/cargo.js';
import { cargoAliases } from './rust/cargoAliases.js';
import { mise } from './taskRunners/mise.js';
import { pythonTasks } from './taskRunners/pythonTasks.js';
import { toxEnvironments } from './taskRunners/tox.js';

/** Parsers of TOML files. They have their own bundle, since they share a library. */
export const tomlParsers = { cargo, cargoAliases, mise, pythonTasks, toxEnvironments } satisfies Readonly<
  Record<string, FileParser>
>;
