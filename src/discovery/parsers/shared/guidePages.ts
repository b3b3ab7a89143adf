import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { sourceLines } from './sourceText.js';

/** Names of pages for developers, in lower case. `*` stands for any characters. */
const pageNames =
  'develop* dev-* contribut* hacking* building* setup* *-setup getting-started* quickstart*'.split(' ');

/** Folders with pages for developers only. */
const pageFolders =
  'dev develop development developer developers developing contributing contribute contributor'.split(' ');

const pageTypes = ['md', 'mdx', 'rst'];

/** Patterns of the pages for developers in any folder. */
export const guidePagePatterns: readonly string[] = [
  `{${pageNames.join(',')}}.{${pageTypes.join(',')}}`,
  `{${pageFolders.join(',')}}/*.{${pageTypes.join(',')}}`,
];

const isPage = new RegExp(
  `^(?:${pageNames.map((name) => name.replace('*', '.{0,100}')).join('|')})\\.(?:${pageTypes.join('|')})$`,
  'u',
);
const isAnyPage = new RegExp(`\\.(?:${pageTypes.join('|')})$`, 'u');

/** Folders with the documentation of a project. */
const documentationFolders = ['docs', 'doc', 'documentation'];

/** Maximum number of pages of a documentation that are read. */
const maxPages = 20;

/** Returns the lines of the pages for developers in the documentation of a project. */
export function guidePageLines(facts: FolderFacts): string[] {
  const top = facts.names('');
  return documentationFolders
    .filter((folder) => top.has(folder))
    .flatMap((folder) => pagesIn(folder, facts))
    .slice(0, maxPages)
    .flatMap((path) => sourceLines(facts.text(path) ?? ''));
}

/** Returns the pages for developers in a folder, and all pages in its folders for developers. */
function pagesIn(folder: string, facts: FolderFacts): string[] {
  const names = [...facts.names(folder)];
  const below = names.filter((name) => pageFolders.includes(name)).map((name) => joinPath(folder, name));
  return [
    ...pathsOf(folder, names, isPage),
    ...below.flatMap((each) => pathsOf(each, [...facts.names(each)], isAnyPage)),
  ];
}

function pathsOf(folder: string, names: readonly string[], pattern: RegExp): string[] {
  return names.filter((name) => pattern.test(name)).map((name) => joinPath(folder, name));
}
