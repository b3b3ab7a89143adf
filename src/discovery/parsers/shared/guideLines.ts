import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { sourceLines } from './sourceText.js';

/** Guides for developers that say how to run the project of their folder, in their usual spellings. */
export const guideFiles: readonly string[] = [
  ...'README Readme readme CONTRIBUTING Contributing contributing DEVELOPMENT development DEVELOP DEVELOPING DEVELOPERS HACKING AGENTS CLAUDE'
    .split(' ')
    .map((name) => `${name}.md`),
  'README.rst',
  'CONTRIBUTING.rst',
];

/** Returns the lines of the guides of a folder. A parser looks there for what its own file does not say. */
export function guideLines(folder: string, facts: FolderFacts): string[] {
  const present = facts.names(folder);
  return guideFiles
    .filter((name) => present.has(name))
    .flatMap((name) => sourceLines(facts.text(joinPath(folder, name)) ?? ''));
}
