import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../core/serverState.js';
import { markerName } from '../environment.js';
import type { ProcessEntry } from '../processTree.js';
import type { Platform } from './platform.js';
import { posixCommand } from './posixCommand.js';
import { sendSignal, signalTree } from './posixSignals.js';

/** Everything from `/proc`; no tool is needed. Formats: proc(5). */
export const linux: Platform = {
  ...posixCommand,
  identify: (pid) => Promise.resolve(identify(pid)),
  list: () => Promise.resolve(list()),
  signal: (root, members, signal) => {
    signalTree(root, members, signal, (entry) => readStat(entry.pid)?.startTime === entry.startTime);
    return Promise.resolve();
  },
  signalBlindly: (root, signal) => {
    sendSignal(-root.process.pid, signal);
    return Promise.resolve();
  },
};

/** A process as `/proc/PID/stat` tells it. */
type Stat = Omit<ProcessEntry, 'marker' | 'command'> & {
  readonly name: string;
  readonly state: string;
};

/** Parses `/proc/PID/stat`. The name stands in parentheses and may itself hold spaces and parentheses. */
export function parseStat(text: string): Stat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open === -1 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const startTime = fields[19];
  if (startTime === undefined) return undefined;
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
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

function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  if (!stat || isDead(stat)) return undefined;
  return { pid, startTime: stat.startTime, bootId: read('/proc/sys/kernel/random/boot_id')?.trim() ?? '' };
}

function list(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    if (!stat || isDead(stat)) continue;
    const environ = read(`/proc/${name}/environ`);
    entries.push({
      ...stat,
      marker: environ === undefined ? undefined : parseMarker(environ),
      command: commandOf(stat),
    });
  }
  return entries;
}

/** Zombies and processes that are just being removed hold nothing any more; they wait to be collected. */
function isDead({ state }: Stat): boolean {
  return state === 'Z' || state === 'X';
}

function readStat(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

function commandOf({ pid, name }: Stat): string {
  return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() || name;
}

/** `undefined` when the process has ended or is not ours to read. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
