import * as paths from 'node:path';
import { relativeInside } from '../core/paths.js';
import { idSafeName } from '../core/server/folderNames.js';
import { fullTitle, type ServerDefinition, type Worktree } from '../core/server/definition.js';
import { readFolderNames, realPath } from '../host/system/boundedReads.js';
import { readNamedFile } from '../host/system/readTextFile.js';
import { checkoutOf, maxPointerBytes, type Checkout } from '../mcp/bridge/checkout.js';

/** A workspace folder, and its name in server ids. */
export interface NamedFolder {
  readonly name: string;
  readonly path: string;
}

/**
 * Returns the servers of a git worktree: those of the folders in it that correspond to workspace folders. `undefined` if it
 * is not a worktree of one of their repositories.
 */
export async function serversOfWorktree(
  root: string,
  folders: readonly NamedFolder[],
): Promise<readonly ServerDefinition[] | undefined> {
  const checkout = await checkoutOf(root);
  if (checkout?.root !== root || !(await isKnownToRepository(checkout))) return undefined;
  const siblings = await siblingFolders(checkout, folders);
  if (siblings.length === 0) return undefined;
  const names = new Set(folders.map(({ name }) => name));
  // A separate bundle, which the command line uses, too.
  const { findListedServers } = await import('./findServers.js');
  const found = await Promise.all(
    siblings.map(async ({ name, path, original }) => {
      const rootName = idSafeName(paths.basename(root));
      const base = siblings.length === 1 ? rootName : `${rootName} ${name}`;
      const { definitions } = await findListedServers(path, names.has(base) ? `${base} (worktree)` : base);
      return definitions.map((each) => inWorktree(each, { root, original, folder: path }));
    }),
  );
  return found.flat();
}

/**
 * Adds the worktree to each title, since the same server of the workspace folder has the same title. The title of a script
 * in the root package begins with the worktree.
 */
function inWorktree(definition: ServerDefinition, worktree: Worktree): ServerDefinition {
  const [usual, name] = [fullTitle(definition), paths.basename(worktree.root)];
  return { ...definition, title: usual.startsWith(`${name}: `) ? usual : `${usual} (${name})`, worktree };
}

/** Returns whether the repository has the worktree on record. A `.git` file alone can name any repository. */
async function isKnownToRepository({ root, isLinked, repository }: Checkout): Promise<boolean> {
  if (!isLinked) return false;
  const records = paths.join(repository, 'worktrees');
  const names = await readFolderNames(records).catch(() => []);
  const roots = await Promise.all(
    names.map(async (name) => {
      const pointer = await readNamedFile(paths.join(records, name, 'gitdir'), maxPointerBytes).catch(
        () => undefined,
      );
      if (pointer?.kind !== 'text') return undefined;
      const folder = paths.dirname(paths.resolve(records, name, pointer.text.trim()));
      return realPath(folder).catch(() => folder);
    }),
  );
  return roots.includes(root);
}

interface SiblingFolder extends NamedFolder {
  /** Absolute path of the workspace folder. */
  readonly original: string;
}

/** Returns the folders of the worktree that have the same relative path in it as a workspace folder in its checkout. */
async function siblingFolders(
  { root, repository }: Checkout,
  folders: readonly NamedFolder[],
): Promise<readonly SiblingFolder[]> {
  const found = await Promise.all(
    folders.map(async ({ name, path }) => {
      const real = await realPath(path).catch(() => path);
      const checkout = await checkoutOf(real);
      if (!checkout || checkout.root === root || checkout.repository !== repository) return [];
      const inside = relativeInside(checkout.root, real, paths) ?? '';
      // The definitions of the workspace have the path as the user opened it, which may be a link.
      return [{ name, path: paths.join(root, inside), original: path }];
    }),
  );
  return found.flat();
}
