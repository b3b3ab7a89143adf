import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../../core/server/state.js';
import { plainAddress, type Listener } from '../system/listeners.js';
import type { ProcessEntry } from '../system/processes.js';
import { readConnections } from './darwinConnections.js';
import type { Platform } from './platform.js';
import { posixCommand } from './posixCommand.js';
import { groupExists, signalGroup, signalTree } from './posixSignals.js';
import { markerName } from '../system/processMarker.js';

const run = promisify(execFile);

/** Timeout of the tools, milliseconds: a `ps` that hangs must not hang a stop. */
const psTimeoutMs = 3000;

/** macOS, by `ps` and `lsof`. The dates of `ps` are comparable in the C locale only. */
export const darwin: Platform = {
  ...posixCommand,
  bootId: bootTime,
  initialEnvironment: () => undefined,
  identify,
  list,
  childrenOf: () => undefined,
  effort: () => performance.now(),
  startedAt: localTime,
  isOlderThan: (startTime, milliseconds) => {
    const started = localTime(startTime);
    // It may have started at the end of that second.
    return started !== undefined && Date.now() - started - 1000 > milliseconds;
  },
  folderOf,
  listeners,
  connections: readConnections,
  // `lsof` lists the sockets with their processes.
  socketsOf: () => Promise.resolve(undefined),
  // One socket may listen on all addresses while another one listens on a single address.
  bindAddresses: [['127.0.0.1'], ['::1'], ['0.0.0.0'], ['::']],
  signal: async (root, members, signal) => {
    const now = new Map((await list()).map((entry) => [entry.pid, entry.startTime]));
    signalTree(root, members, signal, ({ pid, startTime }) => now.get(pid) === startTime);
  },
  groupExists,
  signalUncollected: (root, signal) => {
    signalGroup(root, signal);
    return Promise.resolve(true);
  },
};

/** `lstart` has five words: `Mon Nov 23 10:06:43 2026`. The command comes last, followed by the environment. */
const psRow = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

/** Parses the output of `ps -o pid=,ppid=,pgid=,tty=,stat=,lstart=,command=` with environments. */
export function parsePs(text: string): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const line of text.split('\n')) {
    const [, pid, parent, group, terminal, state, startTime, command] = psRow.exec(line) ?? [];
    if (startTime === undefined || command === undefined || state?.startsWith('Z')) continue;
    entries.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      // `ps` does not list sessions here; the process group replaces them.
      session: Number(group),
      startTime: startTime.replaceAll(/\s+/g, ' '),
      marker: new RegExp(`(?:^|\\s)${markerName}=([\\w-]+)`).exec(command)?.[1] ?? '',
      command: command.replace(/\s[A-Za-z_]\w*=.*$/, ''),
      hasTerminal: terminal !== '??',
    });
  }
  return entries;
}

/**
 * Parses the output of `lsof -F pftdn`: a line for each field, where `p` starts a process and `f` one of its files. The
 * device (`d`) identifies the socket.
 */
export function parseLsof(text: string): Listener[] {
  const found = new Map<string, Listener>();
  let pid = 0;
  let type = '';
  let id = '';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('f')) id = `${pid}/${value}`;
    else if (line.startsWith('t')) type = value;
    else if (line.startsWith('d')) id = value;
    else if (line.startsWith('n')) addListener(found, { pid, type, id, name: value });
  }
  return [...found.values()];
}

/** Adds a socket, or the process to a known one: a shared socket is listed for each process. */
function addListener(
  found: Map<string, Listener>,
  { pid, type, id, name }: { pid: number; type: string; id: string; name: string },
): void {
  const [, host = '', port] = /^(.*):(\d+)$/.exec(name) ?? [];
  if (port === undefined) return;
  const anywhere = type === 'IPv6' ? '::' : '0.0.0.0';
  const address = host === '*' ? anywhere : plainAddress(host.replaceAll(/[[\]]/g, ''));
  const pids = [...(found.get(id)?.pids ?? []), pid];
  found.set(id, { port: Number(port), address, id, waiting: undefined, pids });
}

async function listeners(): Promise<Listener[]> {
  const options = { timeout: psTimeoutMs, maxBuffer: 64 * 1024 * 1024 };
  try {
    const { stdout } = await run('/usr/sbin/lsof', ['-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pftdn'], options);
    return parseLsof(stdout);
  } catch (error) {
    // `lsof` also fails when there is nothing to list.
    if (error instanceof Error && 'code' in error && error.code === 1) return [];
    throw error;
  }
}

async function list(): Promise<ProcessEntry[]> {
  return parsePs(await ps(['-axww', '-E']));
}

async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const [entry] = parsePs(await ps(['-ww', '-p', String(pid)]).catch(() => ''));
  return entry && { pid, startTime: entry.startTime, bootId: await bootTime() };
}

/** Returns the time of an `lstart`, which is local and in whole seconds, in milliseconds since 1970. */
export function localTime(startTime: string): number | undefined {
  const time = Date.parse(startTime);
  return Number.isNaN(time) ? undefined : time;
}

async function folderOf(pid: number): Promise<string | undefined> {
  const selection = ['-a', '-p', String(pid), '-d', 'cwd', '-F', 'n'];
  const output = run('/usr/sbin/lsof', selection, { timeout: psTimeoutMs });
  const { stdout } = await output.catch(() => ({ stdout: '' }));
  return /^n(\/.*)$/m.exec(stdout)?.[1];
}

async function ps(selection: readonly string[]): Promise<string> {
  const columns = ['-o', 'pid=,ppid=,pgid=,tty=,stat=,lstart=,command='];
  const { stdout } = await run('/bin/ps', [...selection, ...columns], {
    env: { ...process.env, LC_ALL: 'C' },
    timeout: psTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Returns the time of the boot, in seconds, since macOS has no id of a boot. */
async function bootTime(): Promise<string> {
  const { stdout } = await run('/usr/sbin/sysctl', ['-n', 'kern.boottime'], { timeout: psTimeoutMs });
  return /sec = (\d+)/.exec(stdout)?.[1] ?? '';
}
