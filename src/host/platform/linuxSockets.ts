import { createReadStream, existsSync, readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { plainAddress, type Listener } from '../system/listeners.js';

/** `TCP_LISTEN` in the kernel's `include/net/tcp_states.h`. */
const listening = '0A';

/** Returns all listening TCP sockets. A machine without IPv6 has the first file only. */
export async function readListeners(): Promise<Listener[]> {
  const files = ['/proc/net/tcp', '/proc/net/tcp6'].filter((path) => existsSync(path));
  return (await Promise.all(files.map(async (path) => parseNetTcp(linesIn(path))))).flat();
}

/**
 * Parses lines of `/proc/net/tcp` or `/proc/net/tcp6`, up to the first connection: listening sockets come first, by the
 * kernel's `Documentation/networking/proc_net_tcp.rst`. Format: proc(5).
 */
export async function parseNetTcp(lines: AsyncIterable<string> | Iterable<string>): Promise<Listener[]> {
  const found: Listener[] = [];
  for await (const line of lines) {
    const fields = line.trim().split(/\s+/, 10);
    if (fields[0] === 'sl') continue;
    if (fields[3] !== listening) break;
    found.push(toListener(fields));
  }
  return found;
}

/** The size in which the kernel fills these files, bytes. */
const pageBytes = 4096;

/**
 * Reads the lines of a file page by page on another thread: after the listening sockets the kernel searches its whole
 * table of connections for each further line, which takes milliseconds.
 */
async function* linesIn(path: string): AsyncGenerator<string> {
  let rest = '';
  const pages: AsyncIterable<string> = createReadStream(path, {
    encoding: 'latin1',
    highWaterMark: pageBytes,
  });
  for await (const page of pages) {
    const lines = (rest + page).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** Number of links read before other work gets its turn. */
const linksAtOnce = 256;

/** Returns the ids of the sockets that a process has open; none when it has ended, `undefined` without permission. */
export async function socketsOf(pid: number): Promise<ReadonlySet<string> | undefined> {
  const folder = `/proc/${pid}/fd`;
  const ids = new Set<string>();
  try {
    // Synchronously, since the kernel answers from memory: another thread would take ten times as long.
    for (const [index, name] of readdirSync(folder).entries()) {
      const id = socketId(`${folder}/${name}`);
      if (id !== undefined) ids.add(id);
      if (index % linksAtOnce === linksAtOnce - 1) await nextTurn();
    }
    return ids;
  } catch (error) {
    return isGone(error) ? new Set() : undefined;
  }
}

function socketId(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    // It was closed meanwhile.
    return undefined;
  }
}

function toListener(fields: readonly string[]): Listener {
  const [, local = '', , , queues = ''] = fields;
  const [address = '', port = ''] = local.split(':');
  const waiting = Number.parseInt(queues.split(':')[1] ?? '0', 16);
  return {
    port: Number.parseInt(port, 16),
    address: toAddress(address),
    id: fields[9] ?? '',
    waiting,
    pids: undefined,
  };
}

/**
 * Parses the kernel's 32-bit words, printed in the byte order of the machine, which is little-endian on all current
 * ones.
 */
function toAddress(hex: string): string {
  // Nearly all dev servers listen on these.
  if (hex === '0100007F') return '127.0.0.1';
  if (hex === '00000000') return '0.0.0.0';
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).toReversed());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  return plainAddress((bytes.join('').match(/.{4}/g) ?? []).join(':'));
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ESRCH';
}
