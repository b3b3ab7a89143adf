import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { uptime } from 'node:os';
import type { ProcessIdentity } from '../../core/server/state.js';
import type { ProcessEntry } from '../system/processes.js';
import type { Platform } from './platform.js';
import { readListeners, socketsOf } from './linuxSockets.js';
import { posixCommand } from './posixCommand.js';
import { groupExists, signalGroup, signalTree } from './posixSignals.js';
import { markerName } from '../system/marker.js';

/** Everything from `/proc`; no tool is needed. Formats: proc(5). */
export const linux: Platform = {
  ...posixCommand,
  bootId: () => Promise.resolve(bootId()),
  identify: (pid) => Promise.resolve(identify(pid)),
  list: () => Promise.resolve(list()),
  childrenOf,
  effort: processorMs,
  startedAt: (startTime) => wallClock(startTime, readText('/proc/stat') ?? ''),
  isOlderThan,
  folderOf: (pid) => readlink(`/proc/${pid}/cwd`).catch(() => undefined),
  listeners: readListeners,
  socketsOf,
  // Whoever listens at one address keeps others from listening at all of them, which are those of IPv4 too where there is
  // IPv6: socket(7), SO_REUSEADDR, and ipv6(7), IPV6_V6ONLY.
  bindAddresses: [['::', '0.0.0.0']],
  signal: (root, members, signal) => {
    signalTree(root, members, signal, isUnchanged);
    return Promise.resolve();
  },
  groupExists,
  signalUncollected: (root, signal) => {
    // The end of a root is told a moment after it was collected.
    const isUncollected = root.process !== undefined && isUnchanged(root.process);
    if (isUncollected) signalGroup(root, signal);
    return Promise.resolve(isUncollected);
  },
};

/** A process as `/proc/PID/stat` tells it. */
type Stat = Omit<ProcessEntry, 'marker' | 'command'> & {
  readonly name: string;
  readonly state: string;
  readonly flags: number;
  readonly threads: number;
};

/** Parses `/proc/PID/stat`. The name stands in parentheses and may itself hold spaces and parentheses. */
export function parseStat(text: string): Stat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open === -1 || close < open) return undefined;
  // Half of the fields are of no use here, and a look reads hundreds of such lines.
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
    flags: Number(fields[6]),
    threads: Number(fields[17]),
    startTime,
  };
}

/** The value of our marker in the text of `/proc/PID/environ`; empty without one. */
export function parseMarker(environ: string): string {
  const prefix = `${markerName}=`;
  const start = environ.startsWith(prefix) ? 0 : environ.indexOf(`\0${prefix}`) + 1;
  if (start === 0 && !environ.startsWith(prefix)) return '';
  const end = environ.indexOf('\0', start);
  return environ.slice(start + prefix.length, end === -1 ? undefined : end);
}

/** Start times are counted in these; `getconf CLK_TCK`, which is the same on all machines of today. */
const ticksPerSecond = 100;

/** The wall clock at so many ticks since the boot, whose time stands in the text of `/proc/stat`. Format: proc_stat(5). */
export function wallClock(ticks: string, stat: string): number | undefined {
  const boot = /^btime (\d+)$/m.exec(stat)?.[1];
  if (boot === undefined || !/^\d+$/.test(ticks)) return undefined;
  return Number(boot) * 1000 + (Number(ticks) / ticksPerSecond) * 1000;
}

/** Where a container's uptime counts from its own beginning, every process looks younger than it is. */
function ageMs(startTime: string): number {
  return (uptime() - Number(startTime) / ticksPerSecond) * 1000;
}

function isOlderThan(startTime: string, milliseconds: number): boolean {
  return ageMs(startTime) - 1000 / ticksPerSecond > milliseconds;
}

function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  if (!stat || isDead(stat)) return undefined;
  return { pid, startTime: stat.startTime, bootId: bootId() };
}

/** Outlives this process, so it is read once. */
let knownBootId: string | undefined;

function bootId(): string {
  knownBootId ??= readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  return knownBootId;
}

/** Whether the process is the one that it was, be it dead and not collected. */
function isUnchanged({ pid, startTime }: Pick<ProcessIdentity, 'pid' | 'startTime'>): boolean {
  return readStat(pid)?.startTime === startTime;
}

/** A look lasts long on a busy machine, and takes little of it nevertheless. */
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

/** From this age on a process runs what it was made for, milliseconds: one just forked has still the environment of its parent. */
const settledMs = 2000;

/** The markers of settled processes by their pid: every look would read the environments of the whole machine again. */
const knownMarkers = new Map<number, { readonly startTime: string; readonly value: string }>();

/** A kernel may be made without these files. A child is that of the thread which made it: proc(5). */
function childrenOf(pid: number): number[] | undefined {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return undefined;
  }
}

/** Reads what is dear only of those that somebody asks about, and at most once. */
class LinuxProcess implements ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly startTime: string;
  readonly #name: string;
  #marker: { readonly value: string | undefined } | undefined;

  constructor({ pid, parent, group, session, startTime, name }: Stat) {
    this.pid = pid;
    this.parent = parent;
    this.group = group;
    this.session = session;
    this.startTime = startTime;
    this.#name = name;
  }

  get marker(): string | undefined {
    this.#marker ??= { value: this.#knownMarker() ?? this.#readMarker() };
    return this.#marker.value;
  }

  get command(): string {
    return readText(`/proc/${this.pid}/cmdline`)?.replaceAll('\0', ' ').trim() || this.#name;
  }

  #knownMarker(): string | undefined {
    const known = knownMarkers.get(this.pid);
    return known?.startTime === this.startTime ? known.value : undefined;
  }

  #readMarker(): string | undefined {
    const environ = readText(`/proc/${this.pid}/environ`);
    if (environ === undefined) return undefined;
    const value = parseMarker(environ);
    // It is empty while another program takes its place.
    if (environ !== '' && isOlderThan(this.startTime, settledMs)) {
      knownMarkers.set(this.pid, { startTime: this.startTime, value });
    }
    return value;
  }
}

/**
 * Zombies and processes that are just being removed hold nothing any more; they wait to be collected. One whose first
 * thread alone has ended is called a zombie too, but its other threads live, and with them its ports and files.
 */
function isDead({ state, threads }: Stat): boolean {
  return (state === 'Z' && threads <= 1) || state === 'X';
}

/** `PF_KTHREAD` in the kernel's `include/linux/sched.h`. Threads of the kernel have neither parents nor environments of ours. */
const kernelThreadFlag = 0x0020_0000;

function isKernelThread({ flags }: Stat): boolean {
  return (flags & kernelThreadFlag) !== 0;
}

/** More than the kernel ever writes into `/proc/PID/stat`. Every read uses it and keeps nothing in it. */
const statBuffer = Buffer.alloc(4096);

/**
 * A look at the processes of the machine reads hundreds of these, and holds everything else up meanwhile, so it is done with
 * a third of the system calls of `readFileSync` and without its copies.
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

/** `undefined` when the process has ended or is not ours to read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
