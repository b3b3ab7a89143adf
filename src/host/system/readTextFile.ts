import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { fileReads } from './boundedReads.js';

/** Result of reading a file. */
export type TextFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  /** A folder, FIFO, device or socket. */
  | { readonly kind: 'notFile' }
  | { readonly kind: 'tooLarge' };

const chunkBytes = 64 * 1024;

/**
 * Reads a regular file of at most `maxBytes` bytes. Rejects when it exists and cannot be read. Counts what was read, since
 * the system reports no size for the files of `/proc`, some of which never end. Never waits for a writer, and rejects when
 * the file system does not answer.
 */
export function readTextFile(path: string, maxBytes: number): Promise<TextFile> {
  return fileReads.run(path, () => readChecked(path, maxBytes));
}

async function readChecked(path: string, maxBytes: number): Promise<TextFile> {
  try {
    // To open a device may have effects, so the kind is checked before.
    if (!(await stat(path)).isFile()) return { kind: 'notFile' };
    const file = await open(path, constants.O_RDONLY | nonBlocking);
    try {
      const facts = await file.stat();
      return facts.isFile() ? await readBounded(file, facts.size, maxBytes) : { kind: 'notFile' };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^(?:ENOENT|ENOTDIR)$/.test(String(error.code)))
      return { kind: 'absent' };
    throw error;
  }
}

// Windows has no such flag, and no FIFOs in folders.
const { O_NONBLOCK: nonBlocking = 0 } = constants as Partial<typeof constants>;

/** Reads a file of this size, which may be wrong; most files fit into one buffer with the byte that shows their end. */
async function readBounded(file: FileHandle, size: number, maxBytes: number): Promise<TextFile> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let room = Buffer.alloc(size === 0 ? chunkBytes : Math.min(size + 1, chunkBytes));
  for (;;) {
    const { bytesRead } = await file.read(room, 0, room.length, null);
    if (bytesRead === 0) return { kind: 'text', text: Buffer.concat(chunks).toString('utf8') };
    bytes += bytesRead;
    if (bytes > maxBytes) return { kind: 'tooLarge' };
    chunks.push(room.subarray(0, bytesRead));
    room = bytesRead < room.length ? room.subarray(bytesRead) : Buffer.alloc(chunkBytes);
  }
}

/** As `readTextFile`, for a search by name: anything other than a file counts as absent. */
export async function readNamedFile(
  path: string,
  maxBytes: number,
): Promise<Exclude<TextFile, { kind: 'notFile' }>> {
  const file = await readTextFile(path, maxBytes);
  return file.kind === 'notFile' ? { kind: 'absent' } : file;
}
