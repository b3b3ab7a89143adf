import { basename, dirname, join, resolve } from 'node:path';
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
  return basename(repository) === '.git' ? dirname(repository) : undefined;
}

/** Returns the resolved top folders of the worktrees that the repository has on record. */
export async function worktreeRootsOf({ repository }: Checkout): Promise<readonly string[]> {
  const records = join(repository, 'worktrees');
  const names = await readFolderNames(records).catch(() => []);
  const roots = await Promise.all(
    names.map(async (name) => {
      const pointer = await readNamedFile(join(records, name, 'gitdir'), maxPointerBytes).catch(
        () => undefined,
      );
      if (pointer?.kind !== 'text') return [];
      const folder = dirname(resolve(records, name, pointer.text.trim()));
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
  for (let root = folder; ; root = dirname(root)) {
    const repository = await repositoryAt(root).catch(absentUnlessSilent);
    // Each parent folder may block another thread.
    if (repository === 'silent') return undefined;
    if (repository !== undefined) return { root, ...repository };
    if (dirname(root) === root) return undefined;
  }
}

async function repositoryAt(root: string): Promise<Omit<Checkout, 'root'> | undefined> {
  const path = join(root, '.git');
  if ((await fileStatus(path)).isDirectory()) return { isLinked: false, repository: path };
  const file = await readTextFile(path, maxPointerBytes);
  if (file.kind !== 'text') return undefined;
  // A worktree points into `worktrees` of the repository, a submodule into `modules`.
  const [, folder = '', repository] =
    /^gitdir:((.*)[\\/]worktrees[\\/][^\\/\s][^\\/]*)$/u.exec(file.text.trimEnd()) ?? [];
  if (repository === undefined || (await isWholeRepository(resolve(root, folder.trim())))) return undefined;
  return { isLinked: true, repository: resolve(root, repository.trim()) };
}

/** Returns whether the folder is a repository with objects of its own: that of a submodule in a folder `worktrees`. */
function isWholeRepository(folder: string): Promise<boolean> {
  return isFolder(join(folder, 'objects'));
}

function absentUnlessSilent(error: unknown): 'silent' | undefined {
  return error instanceof SilentFileSystemError ? 'silent' : undefined;
}
