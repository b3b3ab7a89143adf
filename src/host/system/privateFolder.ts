import { statSync } from 'node:fs';
import { chmod, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Permissions of a folder that other users must not have. */
const ofOthers = 0o077;

/** Windows has neither owners nor modes. */
const hasModes = process.platform !== 'win32';

/**
 * Creates a folder for this user alone, with its parents, or closes an existing one to other users. Rejects if it belongs
 * to another user, who could read and replace what is in it.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  await makeFolders(folder, 0o700);
  if (!hasModes) return;
  const { uid, mode } = await lstat(folder);
  if (uid === process.getuid?.()) {
    if ((mode & ofOthers) !== 0) await chmod(folder, mode & 0o700);
  } else if (process.getuid?.() !== 0) throw new Error(`${folder} belongs to another user.`);
}

/**
 * Creates a folder with its parents; `mode` applies to each new one. Unlike this, the recursive `mkdir` of Node never ends
 * where a parent exists but cannot have folders, as below `/proc`.
 */
export async function makeFolders(folder: string, mode?: number): Promise<void> {
  try {
    await makeFolder(folder, mode);
  } catch (error) {
    const parent = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error;
    await makeFolders(parent, mode);
    await makeFolder(folder, mode);
  }
}

/** On a file system that cannot be written to, there are several errors for a folder that exists. */
async function makeFolder(folder: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(folder, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) throw error;
  }
}

/** Returns whether this user owns the file or link; another user may have put one into a folder that was not closed. */
export function isOwn({ uid }: { readonly uid: number }): boolean {
  return !hasModes || uid === process.getuid?.();
}

/**
 * Returns the nearest folder above a path in which any user may rename what the path leads to, and put something else
 * there; `undefined` without one. In a sticky folder, such as `/tmp`, only the owner may.
 */
export function openFolderAbove(path: string): string | undefined {
  const parent = dirname(path);
  if (!hasModes || parent === path) return undefined;
  const { mode } = statSync(parent);
  const isOpen = (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
  return isOpen ? parent : openFolderAbove(parent);
}
