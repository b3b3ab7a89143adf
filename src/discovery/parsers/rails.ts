import type { FileParser } from '../files/fileParser.js';
import { noFindings, singleServer } from './findings.js';
import { folderOf } from '../files/relativePath.js';

/** `bin/rails`; `bin/dev` goes before it, since it also runs what builds scripts and styles. */
export const rails: FileParser = {
  source: 'rails',
  patterns: ['bin/rails'],
  parse({ path, text }, facts) {
    if (!text.includes('rails/commands')) return noFindings;
    const directory = folderOf(folderOf(path));
    const common = { directory, port: 3000 };
    // Windows knows no `#!`, and what language `bin/dev` is written in differs.
    if (facts.isWindows) {
      const command = { kind: 'argv', file: 'ruby', args: ['bin/rails', 'server'] } as const;
      return singleServer({ name: 'rails server', command, ...common });
    }
    return facts.names(folderOf(path)).has('dev')
      ? singleServer({ name: 'bin/dev', command: { kind: 'argv', file: 'bin/dev', args: [] }, ...common })
      : singleServer({
          name: 'rails server',
          command: { kind: 'argv', file: 'bin/rails', args: ['server'] },
          ...common,
        });
  },
};
