import type { FileParser } from '../../files/fileParser.js';
import { folderOf } from '../../files/relativePath.js';
import { makeFiles, makeTargets, withIncludes } from './makeTargets.js';
import { targetServers } from './targets.js';

/** Finds the targets of makefiles that serve. */
export const makefile: FileParser = {
  source: 'taskRunners',
  patterns: makeFiles,
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    return targetServers(makeTargets(withIncludes(text, folder, facts)), { program: 'make', folder }, facts);
  },
};
