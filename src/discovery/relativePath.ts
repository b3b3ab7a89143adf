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
export function byDepth(one: string, other: string): number {
  return depth(one) - depth(other) || compare(one, other);
}

export function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function depth(path: string): number {
  return path.split('/').length;
}
