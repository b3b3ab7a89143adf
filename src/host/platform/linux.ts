import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import type { ProcessIdentity } from '../../core/server/state.js';
import type { ProcessEntry } from '../system/processes.js';
import type { Platform } from './platform.js';
import { isOlderThan, wallClock } from './linuxClock.js';
import { readConnections } from './linuxConnections.js';
import { readListeners, socketsOf } from './linuxSockets.js';
import { posixCommand } from './posixCommand.js';
import { groupExists, signalGroup, signalTree } from './posixSignals.js';
import { markerName } from '../system/processMarker.js';

/** Linux, by `/proc`, and `ss` for the peers of Unix sockets. Formats: proc(5). */
export const linux: Platform = {
  ...posixCommand,
  bootId: () => Promise.resolve(bootId()),
  initialEnvironment: () => parseEnvironment(readText('/proc/self/environ') ?? ''),
  identify: (pid) => Promise.resolve(identify(pid)),
  list: () => Promise.resolve(list()),
  childrenOf,
  effort: processorMs,
  startedAt: (startTime) => wallClock(startTime, readText('/proc/stat') ?? ''),
  isOlderThan,
  urlOpener: (url) => ['xdg-open', url],
  folderOf: (pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined),
  listeners: readListeners,
  connections: readConnections,
  socketsOf,
  // A listener on one address prevents a bind to all addresses, which with IPv6 include those of IPv4: socket(7),
  // SO_REUSEADDR, and ipv6(7), IPV6_V6ONLY.
  bindAddresses: [['::', '0.0.0.0']],
  signal: (root, members, signal) => {
    signalTree(root, members, signal, isUnchanged);
    return Promise.resolve();
  },
  groupExists,
  killGroup: (root) => signalGroup(root, 'SIGKILL'),
  signalUncollected: (root, signal) => {
    // The exit of a root is reported a moment after it was reaped.
    const isUncollected = root.process !== undefined && isUnchanged(root.process);
    if (isUncollected) signalGroup(root, signal);
    return Promise.resolve(isUncollected);
  },
};

/** Parses `/proc/PID/environ`. Returns `undefined` for a text that a process has written its title over. */
function parseEnvironment(environ: string): NodeJS.ProcessEnv | undefined {
  const variables = Object.fromEntries(environ.split('\0').map((line) => line.split(/=(.*)/s, 2)));
  return 'PATH' in variables ? variables : undefined;
}

/** A line of `/proc/PID/stat`. */
type Stat = Omit<ProcessEntry, 'marker' | 'command'> & {
  readonly name: string;
  readonly state: string;
  readonly flags: number;
  readonly threads: number;
};

/** Parses `/proc/PID/stat`. The name is in parentheses and may contain spaces and parentheses. */
export function parseStat(text: string): Stat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open === -1 || close < open) return undefined;
  // The other half of the fields is not needed, and a scan parses hundreds of these lines.
  const fields = text.slice(close + 2).split(' ', 20);
  const startTime = fields[19];
  if (startTime === undefined) return undefined;
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    hasTerminal: fields[4] !== '0',
    flags: Number(fields[6]),
    threads: Number(fields[17]),
    startTime,
  };
}

/** Returns the value of the marker in the text of `/proc/PID/environ`; empty without one. */
export function parseMarker(environ: string): string {
  const prefix = `${markerName}=`;
  const start = environ.startsWith(prefix) ? 0 : environ.indexOf(`\0${prefix}`) + 1;
  if (start === 0 && !environ.startsWith(prefix)) return '';
  const end = environ.indexOf('\0', start);
  return environ.slice(start + prefix.length, end === -1 ? undefined : end);
}

function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  if (!stat || isDead(stat)) return undefined;
  return { pid, startTime: stat.startTime, bootId: bootId() };
}

/** Cached, since it does not change during the life of this process. */
let knownBootId: string | undefined;

function bootId(): string {
  knownBootId ??= readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return knownBootId;
}

/** Returns whether the process is still the same one, or is dead and not reaped. */
function isUnchanged({ pid, startTime }: Pick<ProcessIdentity, 'pid' | 'startTime'>): boolean {
  return readStat(pid)?.startTime === startTime;
}

/** Returns the processor time of this process: on a busy machine a scan takes long, but uses little processor time. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function list(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    if (stat && !isDead(stat) && !isKernelThread(stat)) entries.push(new LinuxProcess(stat));
  }
  const listed = new Set(entries.map(({ pid }) => pid));
  for (const pid of knownMarkers.keys()) if (!listed.has(pid)) knownMarkers.delete(pid);
  return entries;
}

/**
 * Age from which a process runs its own program, milliseconds: one just forked still has the environment of its parent.
 */
const settledMs = 2000;

/** Markers of settled processes by pid. Reading all environments again blocks each scan for 40 to 70 ms longer. */
const knownMarkers = new Map<number, { readonly startTime: string; readonly value: string }>();

/** Reads the children of each thread; a kernel may be built without these files: proc(5). */
function childrenOf(pid: number): number[] | undefined {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return undefined;
  }
}

/** A process whose marker and command are read on demand, and the marker at most once. */
class LinuxProcess implements ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly startTime: string;
  readonly hasTerminal: boolean | undefined;
  readonly #name: string;
  #marker: { readonly value: string | undefined } | undefined;

  constructor({ pid, parent, group, session, startTime, hasTerminal, name }: Stat) {
    this.pid = pid;
    this.parent = parent;
    this.group = group;
    this.session = session;
    this.startTime = startTime;
    this.hasTerminal = hasTerminal;
    this.#name = name;
  }

  get marker(): string | undefined {
    this.#marker ??= { value: this.#knownMarker() ?? this.#readMarker() };
    return this.#marker.value;
  }

  get command(): string {
    const words = readText(`/proc/${this.pid}/cmdline`, 'utf8')?.replaceAll('\0', ' ').trim();
    // The line with the name was read byte by byte.
    return words || Buffer.from(this.#name, 'latin1').toString();
  }

  #knownMarker(): string | undefined {
    const known = knownMarkers.get(this.pid);
    return known?.startTime === this.startTime ? known.value : undefined;
  }

  #readMarker(): string | undefined {
    const environ = readText(`/proc/${this.pid}/environ`);
    if (environ === undefined) return undefined;
    const value = parseMarker(environ);
    // It is empty during `execve`.
    if (environ !== '' && isOlderThan(this.startTime, settledMs)) {
      knownMarkers.set(this.pid, { startTime: this.startTime, value });
    }
    return value;
  }
}

/**
 * Returns whether the process is a zombie or is being removed, and so has no ports and files any more. A process whose
 * first thread has ended is a zombie too, but its other threads live, and with them its ports and files.
 */
function isDead({ state, threads }: Stat): boolean {
  return (state === 'Z' && threads <= 1) || state === 'X';
}

/** `PF_KTHREAD` in the kernel's `include/linux/sched.h`. A kernel thread never belongs to a server. */
const kernelThreadFlag = 0x0020_0000;

function isKernelThread({ flags }: Stat): boolean {
  return (flags & kernelThreadFlag) !== 0;
}

/** Larger than any `/proc/PID/stat`; shared by all reads. */
const statBuffer = Buffer.alloc(4096);

/**
 * Reads with a third of the system calls of `readFileSync` and without its copies: a scan reads hundreds of these files
 * and blocks everything else meanwhile.
 */
function readStat(pid: number): Stat | undefined {
  let file: number | undefined;
  try {
    file = openSync(`/proc/${pid}/stat`, 'r');
    return parseStat(statBuffer.toString('latin1', 0, readSync(file, statBuffer, 0, statBuffer.length, 0)));
  } catch {
    // It has ended.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Returns `undefined` when the process has ended or must not be read. */
function readText(path: string, encoding: BufferEncoding = 'latin1'): string | undefined {
  try {
    return readFileSync(path, encoding);
  } catch {
    return undefined;
  }
}
