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

/** Title of a chapter for developers. */
export const developerChapter = /\b(?:contribut|develop|hack)/iu;

/** Returns the lines of the guides at the top for developers: those for users say how to run what is released. */
export function developerLines(facts: FolderFacts): string[] {
  const present = facts.names('');
  return guideFiles
    .filter((name) => present.has(name))
    .flatMap((name) => {
      const lines = sourceLines(facts.text(name) ?? '');
      return /^readme/iu.test(name) ? linesOfChapters(lines, developerChapter) : lines;
    });
}

function linesOfChapters(lines: readonly string[], title: RegExp): string[] {
  let isIn = false;
  let isCode = false;
  return lines.filter((line) => {
    if (/^\s*(?:```|~~~)/u.test(line)) isCode = !isCode;
    // In a block of code, such a line is a comment.
    if (!isCode && /^#{1,6}\s/u.test(line)) isIn = title.test(line);
    return isIn;
  });
}

/** Returns the lines of the guides of a folder. A parser looks there for what its own file does not say. */
export function guideLines(folder: string, facts: FolderFacts): string[] {
  const present = facts.names(folder);
  return guideFiles
    .filter((name) => present.has(name))
    .flatMap((name) => sourceLines(facts.text(joinPath(folder, name)) ?? ''));
}
