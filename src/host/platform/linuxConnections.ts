import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Connection } from '../system/connections.js';

/** States of TCP in the kernel's `include/net/tcp_states.h`. */
const tcpStates = { established: '01', listening: '0A' };

/** `SS_CONNECTED` in the kernel's `include/uapi/linux/net.h`. */
const connected = '03';

/** `__SO_ACCEPTCON` in the kernel's `include/linux/net.h`. */
const acceptsConnections = 0x1_0000;

/** The program of iproute2 that asks the kernel for sockets, by absolute paths, so that no program of a workspace runs. */
const socketTools = ['/usr/bin/ss', '/bin/ss', '/usr/sbin/ss', '/sbin/ss'];

const toolTimeoutMs = 5000;

/** Returns the listening and the connected sockets of the machine. Without `ss` the peers of Unix sockets are not known. */
export async function readConnections(): Promise<Connection[]> {
  const tables = Promise.all(['tcp', 'tcp6', 'unix'].map(readTable));
  const peers = parseUnixPeers(await listUnixSockets());
  const [tcp, tcp6, unix] = await tables;
  return [...parseTcp(`${tcp}\n${tcp6}`), ...parseUnix(unix ?? '', peers)];
}

async function listUnixSockets(): Promise<string> {
  const tool = socketTools.find((path) => existsSync(path));
  if (tool === undefined) return '';
  const options = { timeout: toolTimeoutMs, encoding: 'latin1', maxBuffer: Infinity } as const;
  const listing = await promisify(execFile)(tool, ['-xH'], options).catch(() => undefined);
  return listing?.stdout ?? '';
}

function readTable(name: string): Promise<string> {
  // A machine without IPv6 lacks its file.
  return readFile(`/proc/net/${name}`, 'latin1').catch(() => '');
}

/** Parses the lines of `/proc/net/tcp` and `/proc/net/tcp6`: proc(5). */
export function parseTcp(text: string): Connection[] {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/, 10));
  const ids = new Map(
    rows.flatMap(([, local = '', remote = '', state, , , , , , id = '']) =>
      state === tcpStates.established ? [[pairKey(local, remote), id] as const] : [],
    ),
  );
  return rows.flatMap(([, local = '', remote = '', state, , , , , , id = '']): Connection[] => {
    const isListening = state === tcpStates.listening;
    if (!isListening && state !== tcpStates.established) return [];
    const port = Number.parseInt(local.split(':')[1] ?? '', 16);
    const peerId = isListening ? undefined : ids.get(pairKey(remote, local));
    const peer = peerId === undefined ? undefined : { id: peerId, pids: undefined };
    return [{ id, pids: undefined, isListening, at: `port ${port}`, port, peer }];
  });
}

/** Returns the same text for an IPv4 connection and for its other end in a socket for both protocols. */
function pairKey(local: string, remote: string): string {
  return `${local} ${remote}`.replaceAll('0000000000000000FFFF0000', '');
}

/**
 * Parses the lines of `ss -xH`, which end with the path and the inode of each end: ss(8). Returns the inode of the peer by
 * that of the socket. A peer that has closed its end has none.
 */
export function parseUnixPeers(text: string): ReadonlyMap<string, string> {
  const ends = text.split('\n').map((line) => / (\d+) (?:\*|[@/].*) ([1-9]\d*)\s*$/.exec(line));
  return new Map(ends.flatMap((end) => (end?.[1] && end[2] ? [[end[1], end[2]]] : [])));
}

/**
 * Parses `/proc/net/unix`: unix(7). An accepted socket has the path of the one that listens. The kernel lists no peers
 * there.
 */
export function parseUnix(text: string, peers: ReadonlyMap<string, string> = new Map()): Connection[] {
  return text.split('\n').flatMap((line): Connection[] => {
    const [, flags, state, id, at] = /^\S+ \S+ \S+ (\S+) \S+ (\S+) +(\d+) (.+)$/.exec(line) ?? [];
    if (flags === undefined || id === undefined || at === undefined) return [];
    const isListening = (Number.parseInt(flags, 16) & acceptsConnections) !== 0;
    if (!isListening && state !== connected) return [];
    const peerId = isListening ? undefined : peers.get(id);
    const peer = peerId === undefined ? undefined : { id: peerId, pids: undefined };
    return [{ id, pids: undefined, isListening, at, port: undefined, peer }];
  });
}
