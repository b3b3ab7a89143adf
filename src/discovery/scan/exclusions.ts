import { expandBraces } from './filePatterns.js';

/** Folders of packages, environments and build results, which hold copies of what is no server of the project. */
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

/** Whether a path leads through a folder that is never searched. */
export function isNeverSearched(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((name) => neverSearchedNames.has(name));
}

/** One glob for the folders that are never searched, and for what `search.exclude`, unchecked, says. */
export function exclusionGlob(searchExclude: unknown): string {
  const entries =
    typeof searchExclude === 'object' && searchExclude !== null ? Object.entries(searchExclude) : [];
  const excluded = entries
    .filter(([, isExcluded]) => isExcluded === true)
    .flatMap(([glob]) => expandBraces(glob));
  const globs = [...neverSearched.map((name) => `**/${name}/**`), ...excluded];
  // Braces that did not come apart would end the outer ones.
  return `{${globs.filter((glob) => !/[{},]/u.test(glob)).join(',')}}`;
}
