import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { sourceLines } from './sourceText.js';

/** Names of pages for developers, in lower case. `*` stands for any characters. */
const developerPages = 'develop* dev-* contribut* hacking* building* setup* *-setup'.split(' ');

/** Names of pages that may be for users as well. */
const generalPages = ['getting-started*', 'quickstart*'];

/** Folders with pages for developers only. */
const pageFolders =
  'dev devs develop development developer developers developing contributing contribute contributor dev-docs dev_docs development-docs development_docs developer-docs'.split(
    ' ',
  );

const pageTypes = ['md', 'mdx', 'rst'];

/** Patterns of the pages for developers in any folder. */
export const guidePagePatterns: readonly string[] = [
  `{${[...developerPages, ...generalPages].join(',')}}.{${pageTypes.join(',')}}`,
  `{${pageFolders.join(',')}}/*.{${pageTypes.join(',')}}`,
];

const isPage = new RegExp(
  `^(?:${developerPages.map((name) => name.replace('*', '.{0,100}')).join('|')})\\.(?:${pageTypes.join('|')})$`,
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

/** Maximum number of folders of a documentation whose names are read. */
const maxFolders = 30;

/**
 * Returns the pages for developers in a folder, all pages in its folders for developers, and the first page of each
 * other folder.
 */
function pagesIn(folder: string, facts: FolderFacts): string[] {
  const names = [...facts.names(folder)];
  const below = names.filter((name) => /^[\w-]+$/u.test(name)).slice(0, maxFolders);
  return [
    ...pathsOf(folder, names, isPage),
    ...below.flatMap((name) => {
      const at = joinPath(folder, name);
      return pathsOf(at, [...facts.names(at)], pageFolders.includes(name) ? isAnyPage : isFirstPage);
    }),
  ];
}

const isFirstPage = /^readme\.(?:md|rst)$/iu;

function pathsOf(folder: string, names: readonly string[], pattern: RegExp): string[] {
  return names.filter((name) => pattern.test(name)).map((name) => joinPath(folder, name));
}
