import type { FileParser } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { folderOf, joinPath } from '../../files/relativePath.js';

/** Finds `bin/rails`, and prefers `bin/dev`, which also builds scripts and styles. */
export const rails: FileParser = {
  source: 'rails',
  patterns: ['bin/rails'],
  parse({ path, text }, facts) {
    if (!text.includes('rails/commands')) return noFindings;
    const directory = folderOf(folderOf(path));
    const common = { directory, port: 3000, traits: { runs: 'rails server' } };
    // Windows does not support `#!`, and `bin/dev` may be written in any language.
    if (facts.isWindows) {
      const command = { kind: 'argv', file: 'ruby', args: ['bin/rails', 'server'] } as const;
      return singleServer({ name: 'rails server', command, ...common });
    }
    const server = {
      name: 'rails server',
      command: { kind: 'argv', file: 'bin/rails', args: ['server'] },
      ...common,
    } as const;
    if (!facts.names(folderOf(path)).has('dev')) return singleServer(server);
    const file = joinPath(folderOf(path), 'dev');
    const development = {
      name: 'bin/dev',
      command: { kind: 'argv', file: 'bin/dev', args: [] },
      ...common,
      file,
    } as const;
    return { servers: [development, server], problems: [] };
  },
};
