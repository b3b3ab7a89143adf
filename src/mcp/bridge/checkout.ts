import * as paths from 'node:path';
import { relativeInside } from '../../core/paths.js';
import {
  fileStatus,
  isFolder,
  readFolderNames,
  realPath,
  SilentFileSystemError,
} from '../../host/system/boundedReads.js';
import { readNamedFile, readTextFile } from '../../host/system/readTextFile.js';

/** Working copy of a git repository. */
export interface Checkout {
  /** Absolute path of its top folder. */
  readonly root: string;
  /** Whether `git worktree add` made it beside another checkout of the same repository. */
  readonly isLinked: boolean;
  /** Folder `.git` of the repository, which all of its checkouts have in common. */
  readonly repository: string;
}

/** Returns the top folder of the main checkout; `undefined` for a bare repository. */
export function mainRootOf({ repository }: Checkout): string | undefined {
  return paths.basename(repository) === '.git' ? paths.dirname(repository) : undefined;
}

/** Returns the resolved top folders of the worktrees that the repository has on record. */
export async function worktreeRootsOf({ repository }: Checkout): Promise<readonly string[]> {
  const records = paths.join(repository, 'worktrees');
  const names = await readFolderNames(records).catch(() => []);
  const roots = await Promise.all(
    names.map(async (name) => {
      const pointer = await readNamedFile(paths.join(records, name, 'gitdir'), maxPointerBytes).catch(
        () => undefined,
      );
      if (pointer?.kind !== 'text') return [];
      const folder = paths.dirname(paths.resolve(records, name, pointer.text.trim()));
      return [await realPath(folder).catch(() => folder)];
    }),
  );
  return roots.flat();
}

/** Maximum size of a file that names a folder, as `.git` of a worktree does; bytes. */
const maxPointerBytes = 8192;

/**
 * Returns the innermost checkout that contains the folder; `undefined` without one, and where the file system does not
 * answer. A submodule is part of the outer one.
 */
export async function checkoutOf(folder: string): Promise<Checkout | undefined> {
  const [inner, ...outers] = await checkoutsAround(folder);
  // The repository of a submodule is inside that of the outer checkout.
  const isPart = (checkout: Checkout, outer: Checkout): boolean =>
    relativeInside(outer.repository, checkout.repository, paths) !== undefined;
  return inner && outers.reduce((checkout, outer) => (isPart(checkout, outer) ? outer : checkout), inner);
}

/** Returns the checkout of a repository that contains the folder, which may be a submodule of another one. */
export async function checkoutIn(folder: string, repository: string): Promise<Checkout | undefined> {
  return (await checkoutsAround(folder)).find((each) => each.repository === repository);
}

/** Returns the main checkouts of a repository that contain one of the folders. */
export async function mainRootsAmong(
  folders: readonly string[],
  repository: string,
): Promise<readonly string[]> {
  const found = await Promise.all([...new Set(folders)].map((folder) => checkoutIn(folder, repository)));
  return found.flatMap((checkout) => (checkout?.isLinked === false ? [checkout.root] : []));
}

/**
 * Returns the checkouts that contain the folder, the innermost first, up to the first one that is no submodule for sure.
 * Empty where the file system does not answer.
 */
async function checkoutsAround(folder: string): Promise<readonly Checkout[]> {
  const checkouts: Checkout[] = [];
  for (let root = folder; ; root = paths.dirname(root)) {
    const found = await repositoryAt(root).catch(absentUnlessSilent);
    // Each parent folder may block another thread.
    if (found === 'silent') return [];
    if (found !== undefined) checkouts.push({ root, isLinked: found.isLinked, repository: found.repository });
    if (found?.isSeparate === false || paths.dirname(root) === root) return checkouts;
  }
}

interface FoundRepository extends Omit<Checkout, 'root'> {
  /** Whether a file names the repository, as in a submodule, or after `git init --separate-git-dir`. */
  readonly isSeparate: boolean;
}

async function repositoryAt(root: string): Promise<FoundRepository | undefined> {
  const path = paths.join(root, '.git');
  if ((await fileStatus(path)).isDirectory()) return { isLinked: false, repository: path, isSeparate: false };
  const file = await readTextFile(path, maxPointerBytes);
  const pointer = file.kind === 'text' ? /^gitdir:(.*)$/u.exec(file.text.trimEnd())?.[1] : undefined;
  if (pointer === undefined) return undefined;
  const folder = paths.resolve(root, pointer.trim());
  if (await isWholeRepository(folder)) return { isLinked: false, repository: folder, isSeparate: true };
  // A worktree points into `worktrees` of the repository.
  const repository = /^(.*)[\\/]worktrees[\\/][^\\/\s][^\\/]*$/u.exec(folder)?.[1];
  return repository === undefined ? undefined : { isLinked: true, repository, isSeparate: false };
}

/** Returns whether the folder is a repository with objects of its own: that of a submodule in a folder `worktrees`. */
function isWholeRepository(folder: string): Promise<boolean> {
  return isFolder(paths.join(folder, 'objects'));
}

function absentUnlessSilent(error: unknown): 'silent' | undefined {
  return error instanceof SilentFileSystemError ? 'silent' : undefined;
}
