import { readSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Maximum number of bytes that are read at once; Linux returns less than a page. */
const chunkBytes = 64 * 1024;

/**
 * Maximum number of bytes that are read after the end, more than a terminal buffers. Processes that outlive the exit may
 * write forever.
 */
const maxBytes = 1024 * 1024;

/** Parts of a terminal of node-pty that are not in its API. */
interface UnixTerminal {
  readonly fd: number;
  readonly _socket: Socket;
}

/**
 * Makes a terminal return all output of a process that has exited. Without this, the end of it may be lost. libuv reports
 * the end of a terminal that has hung up when a read returns less than was asked for, which does not mean that nothing
 * is left (libuv/libuv#4992). node-pty destroys the stream 200 ms after the exit, even if this process is busy or has
 * paused it.
 */
export function returnUnreadOutput(pty: object, onData: (data: Buffer) => void): void {
  // On Windows, the output comes through a pipe.
  if (process.platform === 'win32') return;
  const { fd, _socket: stream } = pty as UnixTerminal;
  const destroy = stream.destroy.bind(stream);
  stream.destroy = (error) => {
    if (!stream.destroyed) readRest(fd, stream, onData);
    return destroy(error);
  };
}

function readRest(fd: number, stream: Socket, onData: (data: Buffer) => void): void {
  // A paused stream has a buffer of its own.
  const buffered = stream.read() as Buffer | null;
  if (buffered !== null) onData(buffered);
  for (let total = 0; total < maxBytes;) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const length = read(fd, chunk);
    if (length === 0) return;
    onData(chunk.subarray(0, length));
    total += length;
  }
}

/** Returns the number of bytes read: none if there are none now (`EAGAIN`), or never again (`EIO`). */
function read(fd: number, chunk: Buffer): number {
  try {
    return readSync(fd, chunk);
  } catch {
    return 0;
  }
}
