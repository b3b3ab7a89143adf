import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../../core/server/state.js';
import { plainAddress, type Listener } from '../system/listeners.js';
import type { ProcessEntry, TreeRoot } from '../system/processes.js';
import { killTree } from './taskkill.js';
import type { Platform } from './platform.js';
import { programEndings, windowsProgramLine } from './windowsCommand.js';
import type { StopSignal } from '../../core/server/overrides.js';

const run = promisify(execFile);

/** Timeout of the tools, milliseconds; PowerShell takes a second to start on a busy machine. */
const queryTimeoutMs = 10_000;

/** Absolute path, so that no program of a workspace is ever executed in place of a tool. */
const system = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32');

/** Windows, by PowerShell, `netstat` and `taskkill`. */
export const windows: Platform = {
  // Creation times are absolute here, so they differ between boots by themselves.
  bootId: () => Promise.resolve(''),
  initialEnvironment: () => undefined,
  identify: async (pid) => toIdentity(parseProcesses(await query(`ProcessId=${pid}`))[0]),
  list: async () => parseProcesses(await query()),
  childrenOf: () => undefined,
  effort: () => performance.now(),
  startedAt: fromTicks,
  isOlderThan: (startTime, milliseconds) => {
    const started = fromTicks(startTime);
    return started !== undefined && Date.now() - started > milliseconds;
  },
  // The environment block that holds it cannot be read without native code.
  folderOf: () => Promise.resolve(undefined),
  listeners,
  // Neither terminals nor the peers of named pipes are known here, so no daemon is left running for others.
  connections: () => Promise.resolve([]),
  // `netstat` lists the sockets with their processes.
  socketsOf: () => Promise.resolve(undefined),
  // As on macOS.
  bindAddresses: [['127.0.0.1'], ['::1'], ['0.0.0.0'], ['::']],
  signal: signalEach,
  groupExists: () => true,
  signalUncollected: async (root, signal) => {
    if (signal !== 'SIGKILL' || !root.process) return false;
    await killTree(root.process.pid, signal);
    return true;
  },
  toProgramLine: windowsProgramLine,
  executableEndings: (env) => programEndings(env),
  // Ctrl+C is the only request to exit that console programs know.
  hasSessionLeaders: false,
  politeInput: '\u0003',
};

/**
 * Parses the output of `netstat -ano`. The name of a state is in the user's language, so a listening socket is
 * recognised by port 0 of its peer.
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
  const { stdout } = await run(join(system, 'netstat.exe'), ['-ano'], {
    timeout: queryTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    windowsHide: true,
  });
  return parseNetstat(stdout);
}

/** Parses the JSON of the query: an object, a list of objects, or nothing. */
export function parseProcesses(json: string): ProcessEntry[] {
  if (json.trim() === '') return [];
  const parsed: unknown = JSON.parse(json);
  return withoutReusedParents((Array.isArray(parsed) ? parsed : [parsed]).flatMap(toEntry));
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

function toEntry(row: unknown): ProcessEntry[] {
  if (typeof row !== 'object' || row === null) return [];
  const { pid, parent, start, name } = row as Record<string, unknown>;
  if (typeof pid !== 'number' || typeof parent !== 'number' || typeof start !== 'string') return [];
  if (!/^\d+$/.test(start)) return [];
  // Windows has no process groups and sessions of this kind, and environments of other processes cannot be read.
  return [
    { pid, parent, group: pid, session: pid, startTime: start, marker: undefined, command: String(name) },
  ];
}

/** Ticks of .NET, 100 ns each, from the year 1 to 1970. */
const ticksIn1970 = 621_355_968_000_000_000n;
const ticksPerMillisecond = 10_000n;

/** Returns the time of .NET ticks, milliseconds since 1970; `undefined` for another text. */
export function fromTicks(startTime: string): number | undefined {
  if (!/^\d+$/.test(startTime)) return undefined;
  return Number((BigInt(startTime) - ticksIn1970) / ticksPerMillisecond);
}

function toIdentity(entry: ProcessEntry | undefined): ProcessIdentity | undefined {
  return entry && { pid: entry.pid, startTime: entry.startTime, bootId: '' };
}

async function query(filter?: string): Promise<string> {
  const where = filter === undefined ? '' : ` -Filter '${filter}'`;
  const script =
    `Get-CimInstance Win32_Process${where} | Where-Object CreationDate | ForEach-Object { @{ pid = $_.ProcessId; ` +
    `parent = $_.ParentProcessId; start = $_.CreationDate.ToUniversalTime().Ticks.ToString(); name = $_.Name } } | ` +
    `ConvertTo-Json -Compress`;
  const powershell = join(system, 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const { stdout } = await run(powershell, ['-NoProfile', '-NonInteractive', '-Command', script], {
    timeout: queryTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    windowsHide: true,
  });
  return stdout;
}

/** Kills the members that are unchanged. Ignores other signals: the request to exit goes through the terminal. */
async function signalEach(
  _root: TreeRoot,
  members: readonly ProcessEntry[],
  signal: StopSignal,
): Promise<void> {
  if (signal !== 'SIGKILL') return;
  const now = new Map((await windows.list()).map((entry) => [entry.pid, entry.startTime]));
  for (const { pid, startTime } of members) {
    if (now.get(pid) === startTime) await killTree(pid, signal);
  }
}
