import type { FileParser } from '../../files/fileParser.js';
import { makeFiles, makeTargets } from './makeTargets.js';
import { targetServers } from './targets.js';

/** Finds the targets of makefiles that serve. */
export const makefile: FileParser = {
  source: 'taskRunners',
  patterns: makeFiles,
  parse: ({ text }, facts) => targetServers(makeTargets(text), { program: 'make' }, facts),
};
