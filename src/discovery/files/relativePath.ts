/** Paths relative to the workspace folder, separated by `/`; the workspace folder itself is the empty path. */

/** Returns the folder of a file, or the parent of a folder. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Returns the last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Returns the path of an entry of a folder. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Returns a path in a folder, or the folder itself, relative to that folder. */
export function relativeTo(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}

/** Resolves a path that a file of a folder names; `undefined` outside the workspace folder. */
export function resolvedPath(base: string, path: string): string | undefined {
  const parts = base.split('/').filter((part) => part !== '');
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Returns a folder and its ancestors up to the workspace folder, the nearest first. */
export function ancestorFolders(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== ''; at = folderOf(at)) folders.push(folderOf(at));
  return folders;
}

/**
 * Sorts paths by depth. Paths of equal depth are sorted by code units, so that the order is the same in every locale.
 */
export function sortedByDepth(paths: readonly string[]): string[] {
  const byDepth: string[][] = [];
  for (const path of paths) (byDepth[pathDepth(path)] ??= []).push(path);
  // Sorting without a comparator compares code units as well, and is dozens of times as fast.
  return byDepth.flatMap((each) => each.toSorted());
}

function pathDepth(path: string): number {
  let depth = 0;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) depth += 1;
  return depth;
}

export function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
