import type { Connection } from '../system/connections.js';
import { runLsof } from './darwinTools.js';

/** Returns the listening and the connected sockets of this user's processes. Not yet run on macOS. */
export async function readConnections(): Promise<Connection[]> {
  return parseConnections(await runLsof(['-nP', '-iTCP', '-sTCP:LISTEN,ESTABLISHED', '-U', '-F', 'pftdnT']));
}

interface File {
  readonly pid: number;
  id: string;
  type: string;
  name: string;
  state: string;
}

/**
 * Parses the output of `lsof -F pftdnT`: `p` starts a process, `f` one of its files; `d` is the address of the socket in
 * the kernel. The name of a Unix socket is its path, or `->` and the address of its peer, which an accepted one lacks.
 */
export function parseConnections(text: string): Connection[] {
  const files = parseFiles(text);
  const tcp = files.filter(({ type, state }) => type !== 'unix' && state !== '');
  const unix = files.filter(({ type }) => type === 'unix');
  return [...tcp.map((file) => toTcp(file, tcp)), ...unix.flatMap((file) => toUnix(file, unix))];
}

function parseFiles(text: string): File[] {
  const files: File[] = [];
  let pid = 0;
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    const file = files.at(-1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('f')) files.push({ pid, id: '', type: '', name: '', state: '' });
    else if (!file) continue;
    else if (line.startsWith('t')) file.type = value;
    else if (line.startsWith('d')) file.id = value;
    else if (line.startsWith('n')) file.name = value;
    else if (line.startsWith('TST=')) file.state = value.slice('ST='.length);
  }
  return files;
}

function toTcp({ id, pid, name, state }: File, all: readonly File[]): Connection {
  const [local = '', remote = ''] = name.split('->');
  const port = Number(local.slice(local.lastIndexOf(':') + 1));
  const other = remote && all.find((each) => each.name === `${remote}->${local}`);
  const peer = other ? { id: other.id, pids: [other.pid] } : undefined;
  return { id, pids: [pid], isListening: state === 'LISTEN', at: `port ${port}`, port, peer };
}

/** A socket with a path to which none leads is taken for the one that listens. */
function toUnix({ id, pid, name }: File, all: readonly File[]): Connection[] {
  if (name === '' || name.startsWith('->')) return [];
  const client = all.find((each) => each.name === `->${id}`);
  const peer = client && { id: client.id, pids: [client.pid] };
  return [{ id, pids: [pid], isListening: !peer, at: name, port: undefined, peer }];
}
