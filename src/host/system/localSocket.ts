import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { lstatSync, realpathSync } from 'node:fs';
import { chmod, lstat, mkdtemp, rm, rmdir } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isOwn, openFolderAbove } from './privateFolder.js';

/** Longest path of a socket on macOS, bytes; Linux allows four more. */
const maxPathBytes = 103;

/** End of the names of sockets, which begin with a part of the id. */
export const socketEnding = '.sock';

/** Prefix of folders that are created for one socket. */
const temporaryPrefix = 'dev-servers-socket-';

/** Name of a socket in a folder of its own. */
const shortName = 's';

/** Folders in which one is created for a socket: the user's, and that of the system where the user's has a long path. */
const temporaryFolders = (): readonly string[] => [tmpdir(), '/tmp'];

/**
 * Returns the address of a socket that only this user can reach: a path in `folder`, which is closed to other users, or in a
 * new folder when that path is too long; a named pipe on Windows, each time with another name: that of a closed one cannot
 * be used while a client is still connected, and no other program can take it before.
 */
export async function localAddress(folder: string, id: string): Promise<string> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\dev-servers-${id}-${randomUUID()}`;
  const path = join(folder, id.slice(0, 8) + socketEnding);
  if (isShort(path)) return path;
  // `mkdtemp` appends six characters.
  const parent = temporaryFolders().find((each) => {
    const created = join(each, `${temporaryPrefix}XXXXXX`);
    return isShort(join(created, shortName)) && openFolderAbove(created) === undefined;
  });
  return join(await mkdtemp(join(parent ?? tmpdir(), temporaryPrefix)), shortName);
}

function isShort(path: string): boolean {
  return Buffer.byteLength(path) <= maxPathBytes;
}

/** Resolves when the server listens. Rejects when it cannot. */
export async function listenLocally(server: Server, address: string): Promise<void> {
  server.listen(address);
  await once(server, 'listening');
  // Until here the folder keeps other users away.
  if (process.platform !== 'win32') await chmod(address, 0o600);
}

/** Removes a socket, and the folder that was created for it; never anything else. */
export async function removeLocalSocket(address: string): Promise<void> {
  // A named pipe disappears with its server; checking its type would connect to it.
  if (process.platform === 'win32') return;
  const found = await lstat(address).catch(() => undefined);
  if (found?.isSocket()) await rm(address, { force: true });
  const folder = dirname(address);
  if (temporaryFolders().includes(dirname(folder)) && basename(folder).startsWith(temporaryPrefix)) {
    await rmdir(folder).catch(() => undefined);
  }
}

/**
 * Throws if another user may have created the socket, to which a client sends its token: the temporary folder loses what
 * has not been used for long, and then any user can create the same path.
 */
export function requireOwnSocket(socket: string): void {
  // Windows has no owner of a pipe's folder.
  if (process.platform === 'win32') return;
  const [folder, file] = [lstatSync(dirname(socket)), lstatSync(socket)];
  const isPrivate = folder.isDirectory() && (folder.mode & 0o022) === 0;
  if (![folder, file].every(isOwn) || !isPrivate || !file.isSocket())
    throw new Error('The socket is in a folder that is not private to this user. Reload the window.');
  // Another user could exchange the folder between this check and the connection.
  const open = openFolderAbove(realpathSync(dirname(socket)));
  if (open !== undefined)
    throw new Error(
      `Any user can exchange the folder of the socket ${socket}, because ${open} is writable by all and has no sticky bit.`,
    );
}
