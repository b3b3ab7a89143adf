import { expandBraces } from './filePatterns.js';

/**
 * Folders of packages, environments and build results. They contain copies of files that do not belong to the project
 * itself.
 */
const neverSearched: readonly string[] = [
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  'site-packages',
  '__pycache__',
  'vendor',
  '.yarn',
  '.pnpm-store',
  '.next',
  '.nuxt',
  '.output',
  '.svelte-kit',
  '.turbo',
  '.angular',
  '.cache',
  '.vscode-test',
];

const neverSearchedNames: ReadonlySet<string> = new Set(neverSearched);

/** Returns whether a path leads through a folder that is never searched. */
export function isNeverSearched(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((name) => neverSearchedNames.has(name) || isPlaceholder(name));
}

/** Returns whether a folder is part of a template, whose files cannot run before its name is filled in. */
function isPlaceholder(name: string): boolean {
  return /\{\{[^{}]*\}\}/u.test(name);
}

/** Returns one glob for the folders that are never searched and for `search.exclude`, whose value is unvalidated. */
export function exclusionGlob(searchExclude: unknown): string {
  const entries =
    typeof searchExclude === 'object' && searchExclude !== null ? Object.entries(searchExclude) : [];
  const excluded = entries
    .filter(([, isExcluded]) => isExcluded === true)
    .flatMap(([glob]) => expandBraces(glob));
  const globs = [...neverSearched.map((name) => `**/${name}/**`), ...excluded];
  // Nested braces are not expanded, and would close the outer ones.
  return `{${globs.filter((glob) => !/[{},]/u.test(glob)).join(',')}}`;
}
