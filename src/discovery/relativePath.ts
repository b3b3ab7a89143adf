/** Paths relative to the workspace folder, written with `/`; the workspace folder itself is the empty path. */

/** The folder of a file, or the one above a folder. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of something inside a folder. */
export function inside(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A folder and those above it up to the workspace folder, the nearest first. */
export function upward(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== ''; at = folderOf(at)) folders.push(folderOf(at));
  return folders;
}

/** The nearest first; paths of one depth by code units, so that the order is the same in every locale. */
export function sortedByDepth(paths: readonly string[]): string[] {
  return paths
    .map((path) => ({ path, depth: path.split('/').length }))
    .toSorted((one, other) => one.depth - other.depth || compare(one.path, other.path))
    .map(({ path }) => path);
}

export function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
