import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';

/** Number of bytes before each value, with the length of the rest. */
const headerBytes = 4;

/** Largest value before the other side has shown its token, and after, bytes. */
const maxFirstBytes = 64 * 1024;
const maxBytes = 256 * 1024 * 1024;

/**
 * Sends and receives values over a local socket, as the channel of `child_process.fork` does with its advanced
 * serialization. A value that is too large or cannot be read closes the socket.
 */
export class MessageSocket {
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #isTrusted = false;

  constructor(
    private readonly socket: Socket,
    private readonly onValue: (value: unknown) => void,
  ) {
    socket.on('data', (chunk) => this.#onData(chunk));
    // The end of the socket is reported by `close`, which follows every error.
    socket.on('error', () => undefined);
  }

  get isOpen(): boolean {
    return this.socket.readyState === 'open';
  }

  /** Allows large values from now on. */
  trust(): void {
    this.#isTrusted = true;
  }

  /** Calls `listener` once, when the other side has closed the socket or is gone. */
  onClose(listener: () => void): void {
    if (this.socket.closed) queueMicrotask(listener);
    else this.socket.once('close', listener);
  }

  /** Sends a value; after the end of the socket, drops it. */
  send(value: unknown): void {
    if (!this.isOpen) return;
    const body = serialize(value);
    const header = Buffer.allocUnsafe(headerBytes);
    header.writeUInt32BE(body.length);
    this.socket.cork();
    this.socket.write(header);
    this.socket.write(body);
    this.socket.uncork();
  }

  /** Closes the socket after what was sent. */
  end(): void {
    this.socket.end();
  }

  /** Closes the socket at once. */
  destroy(): void {
    this.socket.destroy();
  }

  #onData(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#receivedBytes += chunk.length;
    try {
      for (let value = this.#next(); value; value = this.#next()) this.onValue(value.content);
    } catch {
      this.destroy();
    }
  }

  /** Returns the next value that was received as a whole. Throws if it cannot be read or is too large. */
  #next(): { readonly content: unknown } | undefined {
    if (this.#receivedBytes < headerBytes || this.socket.destroyed) return undefined;
    const [first] = this.#received;
    const bytes = first && first.length >= headerBytes ? first : this.#joined();
    const end = headerBytes + bytes.readUInt32BE();
    if (end > (this.#isTrusted ? maxBytes : maxFirstBytes)) throw new Error('A message is too large.');
    if (this.#receivedBytes < end) return undefined;
    const all = this.#joined();
    this.#received = [all.subarray(end)];
    this.#receivedBytes -= end;
    return { content: deserialize(all.subarray(headerBytes, end)) };
  }

  #joined(): Buffer {
    const all = this.#received.length === 1 ? this.#received[0] : undefined;
    const joined = all ?? Buffer.concat(this.#received);
    this.#received = [joined];
    return joined;
  }
}
