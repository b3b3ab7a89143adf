import * as paths from 'node:path';
import { relativeInside } from '../core/paths.js';
import { fullTitle, type ServerDefinition, type Worktree } from '../core/server/definition.js';
import { realPath } from '../host/system/boundedReads.js';
import { checkoutIn, checkoutOf, worktreeRootsOf, type Checkout } from '../mcp/bridge/checkout.js';
import type { NamedFolder, WorktreeNames } from './worktreeNames.js';

/**
 * Returns the servers of a git worktree: those of the folders in it that correspond to workspace folders. `undefined` if it
 * is not a worktree of one of their repositories. `names` has the names of all worktrees of the window.
 */
export async function serversOfWorktree(
  root: string,
  folders: readonly NamedFolder[],
  names: WorktreeNames,
): Promise<readonly ServerDefinition[] | undefined> {
  const checkout = await checkoutOf(root);
  if (checkout?.root !== root || !checkout.isLinked) return undefined;
  const roots = await worktreeRootsOf(checkout);
  // A `.git` file alone can name any repository.
  if (!roots.includes(root)) return undefined;
  const siblings = await siblingFolders(checkout, folders);
  if (siblings.length === 0) return undefined;
  const label = names.labelOf(root, [...roots, ...siblings.map(({ checkoutRoot }) => checkoutRoot)]);
  const named = siblings.map(({ name, path }) => ({
    path,
    name: siblings.length === 1 ? label : `${label} ${name}`,
  }));
  const folderNames = names.folderNames(named, folders);
  // A separate bundle, which the command line uses, too.
  const { findListedServers } = await import('./findServers.js');
  const found = await Promise.all(
    siblings.map(async ({ path, original }, index) => {
      const { definitions } = await findListedServers(path, folderNames[index]);
      return definitions.map((each) => inWorktree(each, { root, original, folder: path }, label));
    }),
  );
  return found.flat();
}

/**
 * Adds the worktree to each title, since the same server of the workspace folder has the same title. The title of a script
 * in the root package begins with the name of the worktree.
 */
function inWorktree(definition: ServerDefinition, worktree: Worktree, label: string): ServerDefinition {
  const usual = fullTitle(definition);
  const isNamed = usual.startsWith(`${definition.folder}: `);
  return { ...definition, title: isNamed ? usual : `${usual} (${label})`, worktree };
}

interface SiblingFolder extends NamedFolder {
  /** Top folder of the checkout that has the workspace folder. */
  readonly checkoutRoot: string;
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
      const checkout = await checkoutIn(real, repository);
      if (!checkout || checkout.root === root) return [];
      const inside = relativeInside(checkout.root, real, paths) ?? '';
      // The definitions of the workspace have the path as the user opened it, which may be a link.
      return [{ name, path: paths.join(root, inside), original: path, checkoutRoot: checkout.root }];
    }),
  );
  return found.flat();
}
