/** The folder of a file; empty for the workspace folder itself. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of something in a folder. */
export function inside(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
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
