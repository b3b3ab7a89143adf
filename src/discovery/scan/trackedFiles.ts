import type { DiscoveryContext } from '../files/discoveryResult.js';
import { maxGitIndexBytes } from '../files/limits.js';
import { readContent, type WorkspaceFiles } from '../files/workspaceFiles.js';

/** Returns the files of a workspace folder that git tracks, by its index; none if the folder is not the top of a checkout. */
export async function trackedFiles(
  files: Pick<WorkspaceFiles, 'read'>,
  { folder, paths }: DiscoveryContext,
): Promise<ReadonlySet<string>> {
  // A linked worktree has a file that names its folder.
  const link = await readContent(files, '.git', maxGitIndexBytes);
  const target = link.kind === 'text' ? /^gitdir: (.+)$/mu.exec(link.text)?.[1]?.trim() : undefined;
  const place =
    target === undefined ? '.git' : paths.relative(folder.path, paths.resolve(folder.path, target));
  const index = await readContent(files, `${place}/index`, maxGitIndexBytes);
  if (index.kind !== 'text' || !index.text.startsWith('DIRC')) return new Set();
  // A path follows the second byte of its length, of which the first is zero, and ends with a zero.
  return new Set(index.text.split('\0').map((part) => part.slice(1)));
}
