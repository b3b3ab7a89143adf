import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../../core/server/state.js';
import { plainAddress, type Listener } from '../system/listeners.js';
import { programName, type ProcessEntry, type TreeRoot } from '../system/processes.js';
import { killTree } from './taskkill.js';
import { ProcessQueries, type ProcessRow } from './windowsProcesses.js';
import { system32 } from './windowsSystem.js';
import type { Platform } from './platform.js';
import { programEndings, windowsProgramLine } from './windowsCommand.js';
import type { StopSignal } from '../../core/server/overrides.js';

/** Timeout of the tools, milliseconds. */
const toolTimeoutMs = 10_000;

/** Ends by itself when it has not been needed for a while. */
export const queries = new ProcessQueries();

/** Windows, by PowerShell, `netstat` and `taskkill`. */
export const windows: Platform = {
  // Creation times are absolute here, so they already differ between boots.
  bootId: () => Promise.resolve(''),
  initialEnvironment: () => undefined,
  prepareQueries: () => queries.prepare(),
  identify,
  list: async () => toEntries(await queries.rows()),
  childrenOf: () => undefined,
  // PowerShell and its provider use at most one processor, so no pauses are needed for other processes.
  effort: processorMs,
  startedAt: fromTicks,
  isOlderThan: (startTime, milliseconds) => {
    const started = fromTicks(startTime);
    return started !== undefined && Date.now() - started > milliseconds;
  },
  // `start` of cmd.exe would interpret the URL. Has not run on a Windows machine.
  urlOpener: (url) => [join(system32, 'rundll32.exe'), 'url.dll,FileProtocolHandler', url],
  // The memory of the process that holds it cannot be read without native code.
  folderOf: () => Promise.resolve(undefined),
  listeners,
  // Neither terminals nor the peers of named pipes are known here, so no daemon is left running for others.
  connections: () => Promise.resolve([]),
  // `netstat` lists the sockets with their processes.
  socketsOf: () => Promise.resolve(undefined),
  // As on macOS.
  bindAddresses: [['127.0.0.1'], ['::1'], ['0.0.0.0'], ['::']],
  signal: signalEach,
  // There are no groups.
  killGroup: () => undefined,
  groupExists: ({ process: root }) => root === undefined || isRunning(root.pid),
  signalUncollected: async (root, signal) => {
    if (signal !== 'SIGKILL' || !root.process) return false;
    await killTree(root.process.pid);
    return true;
  },
  toProgramLine: windowsProgramLine,
  executableEndings: (env) => programEndings(env),
  // Ctrl+C is the only request to exit that console programs know.
  hasSessionLeaders: false,
  politeInput: '\u0003',
  endConsoles,
  isDeniedPortReserved: true,
  hasParentsOnly: true,
  hidesEnvironments: true,
  isRunning,
  // After Ctrl+C, `cmd.exe` asks whether to end the batch file, in the language of the system, and waits for the answer.
  onlyAsk: (members) =>
    members.length > 0 && members.every(({ command }) => /^(?:cmd|conhost)$/i.test(programName(command))),
};

/**
 * Parses the output of `netstat -ano`. The name of a state is in the user's language, so a listening socket is
 * recognized by port 0 of its peer.
 */
export function parseNetstat(text: string): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, local = '', peer = '', , owner] = line.trim().split(/\s+/);
    const [, host = '', port] = /^(.*):(\d+)$/.exec(local) ?? [];
    if (protocol !== 'TCP' || !peer.endsWith(':0') || port === undefined || owner === undefined) return [];
    const address = plainAddress(host.replaceAll(/[[\]]/g, ''));
    const pid = Number(owner);
    return [{ port: Number(port), address, id: `${local}/${pid}`, waiting: undefined, pids: [pid] }];
  });
}

async function listeners(): Promise<Listener[]> {
  const { stdout } = await promisify(execFile)(join(system32, 'netstat.exe'), ['-ano'], {
    timeout: toolTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    windowsHide: true,
  });
  return parseNetstat(stdout);
}

/** Returns the processes of an answer. Rows that cannot be parsed are skipped. */
export function toEntries(rows: readonly ProcessRow[]): ProcessEntry[] {
  return withoutReusedParents(rows.flatMap(toEntry));
}

/** Clears reused parents: a child keeps the pid of an ended parent, and a process that has this pid now started later. */
function withoutReusedParents(entries: readonly ProcessEntry[]): ProcessEntry[] {
  const start = new Map(entries.map(({ pid, startTime }) => [pid, BigInt(startTime)]));
  return entries.map((entry) => {
    const parentStart = start.get(entry.parent);
    const reused = parentStart !== undefined && parentStart > BigInt(entry.startTime);
    return reused ? { ...entry, parent: 0 } : entry;
  });
}

function toEntry([pid, parent, start, name, command]: ProcessRow): ProcessEntry[] {
  if (![pid, parent, start].every((each) => /^\d+$/.test(each))) return [];
  // Windows has no process groups and sessions of this kind, and environments of other processes cannot be read.
  const place = { parent: Number(parent), group: Number(pid), session: Number(pid), marker: undefined };
  // The command line of some processes of the system is hidden.
  return [{ pid: Number(pid), ...place, startTime: start, command: command || name }];
}

/** Ticks of .NET, 100 ns each, from the year 1 to 1970. */
const ticksIn1970 = 621_355_968_000_000_000n;
const ticksPerMillisecond = 10_000n;

/** Returns the time of .NET ticks, milliseconds since 1970; `undefined` for another text. */
export function fromTicks(startTime: string): number | undefined {
  if (!/^\d+$/.test(startTime)) return undefined;
  return Number((BigInt(startTime) - ticksIn1970) / ticksPerMillisecond);
}

async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const [entry] = toEntries(await queries.rows([pid]));
  return entry && { pid: entry.pid, startTime: entry.startTime, bootId: '' };
}

/** Returns the processor time of this process. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Returns whether a process with this pid is running, without a query. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Tolerance of the comparison of a start with the clock of Node, milliseconds: both clocks have steps, and differ more on a
 * busy machine. A console that is left too long costs little, and the end of one in use ends its server.
 */
const clockToleranceMs = 1000;

/**
 * Ends each `conhost.exe` of this process that belongs to no terminal in use: node-pty leaves it running after the end of
 * the program, since its call to close the console finds nothing by then (microsoft/node-pty#965). One that may belong to
 * either of two terminals is left until both have ended.
 */
async function endConsoles(inUse: Iterable<readonly [from: number, to: number]>): Promise<void> {
  const entries = await windows.list().catch(() => []);
  for (const { pid } of unusedConsoles(entries, [...inUse])) kill(pid);
}

/** Returns the consoles of terminals of this process that were created at another time than those in use. */
export function unusedConsoles(
  entries: readonly ProcessEntry[],
  inUse: readonly (readonly [from: number, to: number])[],
  ownPid = process.pid,
): ProcessEntry[] {
  return entries.filter(({ parent, command, startTime }) => {
    // The console of this process itself, if it has one, does not belong to a pseudo-terminal.
    const isOfTerminal = programName(command).toLowerCase() === 'conhost' && command.includes(' --headless ');
    const started = fromTicks(startTime) ?? 0;
    const isUsed = inUse.some(
      ([from, to]) => started >= from - clockToleranceMs && started <= to + clockToleranceMs,
    );
    return parent === ownPid && isOfTerminal && !isUsed;
  });
}

/** Maximum number of pids in one query; longer conditions are refused. */
const maxPidsPerQuery = 50;

/** Kills the members that are unchanged. Ignores other signals: the request to exit goes through the terminal. */
async function signalEach(
  _root: TreeRoot,
  members: readonly ProcessEntry[],
  signal: StopSignal,
): Promise<void> {
  if (signal !== 'SIGKILL') return;
  const pids = members.map(({ pid }) => pid).filter(isTarget);
  // A failing tool says nothing about the processes; the next scan shows which are alive.
  const rows = await queries.rows(pids.length > maxPidsPerQuery ? undefined : pids).catch(() => []);
  const now = new Map(rows.map(([pid, , start]) => [Number(pid), start]));
  for (const { pid, startTime } of members) {
    if (isTarget(pid) && now.get(pid) === startTime) kill(pid);
  }
}

function isTarget(pid: number): boolean {
  return Number.isInteger(pid) && pid > firstUserPid && pid !== process.pid;
}

/** Pids up to this one belong to the system itself. */
const firstUserPid = 4;

/** Kills one process. Its descendants are members of their own, if they are known to belong to the tree. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended or must not be ended; the next scan shows which.
  }
}
