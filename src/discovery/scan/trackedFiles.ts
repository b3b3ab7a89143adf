import type { DiscoveryContext } from '../files/discoveryResult.js';
import { largeGitIndexLength, maxFilesInLargeGitIndex, maxGitIndexBytes } from '../files/limits.js';
import { sortedByDepth } from '../files/relativePath.js';
import { readContent, type WorkspaceFiles } from '../files/workspaceFiles.js';

/**
 * Filters files of a workspace folder: returns the ones that git tracks, according to its index; none if the folder is
 * not the top of a checkout.
 */
export async function trackedFiles(
  wanted: readonly string[],
  files: Pick<WorkspaceFiles, 'read'>,
  { folder, paths }: DiscoveryContext,
): Promise<ReadonlySet<string>> {
  // In a linked worktree, `.git` is a file that names the folder.
  const link = await readContent(files, '.git', maxGitIndexBytes);
  const target = link.kind === 'text' ? /^gitdir: (.+)$/mu.exec(link.text)?.[1]?.trim() : undefined;
  const place =
    target === undefined ? '.git' : paths.relative(folder.path, paths.resolve(folder.path, target));
  const index = await readContent(files, `${place}/index`, maxGitIndexBytes);
  if (index.kind !== 'text' || !index.text.startsWith('DIRC')) return new Set();
  // A path follows the two bytes of its length, the first of which is zero, and ends with a zero byte.
  if (index.text.length > largeGitIndexLength) return filesInLarge(index.text, wanted);
  const tracked = new Set(index.text.split('\0').map((part) => part.slice(1)));
  return new Set(wanted.filter((path) => tracked.has(path)));
}

function filesInLarge(index: string, wanted: readonly string[]): ReadonlySet<string> {
  const searched = sortedByDepth(wanted).slice(0, maxFilesInLargeGitIndex);
  return new Set(searched.filter((path) => holdsPath(index, path)));
}

function holdsPath(index: string, path: string): boolean {
  const end = `${path}\0`;
  for (let at = index.indexOf(end); at !== -1; at = index.indexOf(end, at + 1))
    if (index[at - 2] === '\0') return true;
  return false;
}
