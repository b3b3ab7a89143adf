import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/** A file that is open, or a folder. The caller closes the file. */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: number; readonly file: FileHandle }
  | { readonly kind: 'folder' };

/** Codes of the system for a path that leads to nothing that may be read. */
const isMissing = /^(?:ENOENT|ENOTDIR|ELOOP|ENAMETOOLONG|EACCES|EPERM|EINVAL|ENXIO)$/;

/**
 * Opens the file or folder at a path below the folder. Returns `undefined` if there is nothing, or if it is hidden,
 * outside the folder after all links are resolved, or neither a file nor a folder. The file is checked after it was
 * opened too, since a link may change between a check and the opening. Rejects for other errors of the system. Tests
 * replace `openFile`.
 */
export async function openInside(
  root: string,
  path: string,
  openFile: OpenFile = open,
): Promise<Found | undefined> {
  try {
    return await openChecked(root, path, openFile);
  } catch (error) {
    if (error instanceof Error && 'code' in error && isMissing.test(String(error.code))) return undefined;
    throw error;
  }
}

type OpenFile = (path: string, flags: number) => Promise<FileHandle>;

async function openChecked(root: string, path: string, openFile: OpenFile): Promise<Found | undefined> {
  const real = await realpath(join(root, path));
  if (!isServed(root, real)) return undefined;
  // To open a device may have effects, so the kind is checked before.
  const status = await stat(real);
  if (status.isDirectory()) return { kind: 'folder' };
  if (!status.isFile()) return undefined;
  // The file may have been replaced by a FIFO, and opening one would wait.
  const file = await openFile(real, constants.O_RDONLY | noFollow | nonBlocking);
  const bytes = await servedBytes(root, real, file).catch(() => undefined);
  if (bytes !== undefined) return { kind: 'file', path: real, bytes, file };
  await file.close();
  return undefined;
}

// Windows has neither flag.
const { O_NOFOLLOW: noFollow = 0, O_NONBLOCK: nonBlocking = 0 } = constants as Partial<typeof constants>;

/** Returns the size of an open file; `undefined` if it is not one that may be served. */
async function servedBytes(root: string, path: string, file: FileHandle): Promise<number | undefined> {
  const opened = await file.stat({ bigint: true });
  const now = await openedPath(path, file);
  const named = await stat(now, { bigint: true });
  const isSame = opened.dev === named.dev && opened.ino === named.ino;
  return opened.isFile() && isSame && isServed(root, now) ? Number(opened.size) : undefined;
}

/** Resolves with the path of an open file. If the system does not report it, resolves the path again. */
function openedPath(path: string, file: FileHandle): Promise<string> {
  return realpath(process.platform === 'linux' ? `/proc/self/fd/${file.fd}` : path);
}

/** Returns whether a path without links is inside of the folder, with no hidden part below it. */
function isServed(root: string, path: string): boolean {
  const inside = relative(root, path);
  // On Windows, the relative path to another drive is absolute. A path that leads upwards begins with `..`, which
  // counts as hidden.
  return !isAbsolute(inside) && !inside.split(sep).some((part) => part.startsWith('.'));
}
