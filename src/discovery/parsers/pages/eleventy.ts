import type { FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { folderOf, joinPath } from '../../files/relativePath.js';

/** Returns the server of an Eleventy site, unless a script of its package runs it. */
export function eleventyServer({ path }: FoundFile, facts: FolderFacts): FoundServer | undefined {
  const manifest = facts.text(joinPath(folderOf(path), 'package.json')) ?? '';
  if (/(?:eleventy|11ty)\b[^"\n]{0,500}--serve/u.test(manifest)) return undefined;
  return {
    name: 'eleventy --serve',
    command: { kind: 'argv', file: 'npx', args: ['@11ty/eleventy', '--serve'] },
    port: 8080,
  };
}
