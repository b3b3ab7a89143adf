import type { FileParser } from '../files/fileParser.js';
import { composeParser } from './compose/compose.js';
import { mprocs, processCompose } from './processes/processFiles.js';

/** Parsers of YAML files. They have their own bundle, since they share a large library. */
export const yamlParsers = { composeParser, processCompose, mprocs } satisfies Readonly<
  Record<string, FileParser>
>;
