import { readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { plainAddress, type Listener } from '../listeners.js';

/** `TCP_LISTEN` in the kernel's `include/net/tcp_states.h`. */
const listening = '0A';

/** Parses `/proc/net/tcp` or `/proc/net/tcp6`. Format: proc(5) and the kernel's `Documentation/networking/proc_net_tcp`. */
export function parseNetTcp(text: string): Listener[] {
  return text.split('\n').slice(1).flatMap(toListener);
}

/** All TCP sockets that listen. A machine without IPv6 has only the first of the files. */
export async function listeners(): Promise<Listener[]> {
  const [four, six] = await Promise.all([
    readFile('/proc/net/tcp', 'latin1'),
    readFile('/proc/net/tcp6', 'latin1').catch(() => ''),
  ]);
  return [...parseNetTcp(four), ...parseNetTcp(six)];
}

/** So many links are read before others get their turn. */
const linksAtOnce = 256;

/** Ids of the sockets that a process has open; none when it has ended, `undefined` when it is not ours to look at. */
export async function socketsOf(pid: number): Promise<ReadonlySet<string> | undefined> {
  const folder = `/proc/${pid}/fd`;
  const ids = new Set<string>();
  try {
    // These come from memory at once, which a detour over other threads would cost ten times as much.
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
    // It has been closed.
    return undefined;
  }
}

function toListener(line: string): Listener[] {
  // Nearly all lines of a busy machine are connections.
  if (!line.includes(` ${listening} `)) return [];
  const fields = line.trim().split(/\s+/);
  const [, local = '', , state, queues = ''] = fields;
  const id = fields[9];
  const [address = '', port = ''] = local.split(':');
  if (state !== listening || id === undefined) return [];
  const waiting = Number.parseInt(queues.split(':')[1] ?? '0', 16);
  return [{ port: Number.parseInt(port, 16), address: toAddress(address), id, waiting, pids: undefined }];
}

/** The kernel prints words of 32 bits in the order of the machine, which on all machines of today is the lower byte first. */
function toAddress(hex: string): string {
  // Nearly all servers of developers listen there.
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
