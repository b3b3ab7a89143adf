import type { ProcessIdentity } from '../../core/server/state.js';
import type { Listener } from '../system/listeners.js';
import type { ProcessEntry } from '../system/processes.js';
import { readConnections } from './darwinConnections.js';
import { parseFolder, parseLsof } from './darwinLsof.js';
import { parsePs, psColumns, startOf } from './darwinPs.js';
import { runLsof, runPs, runSysctl } from './darwinTools.js';
import type { Platform } from './platform.js';
import { posixCommand } from './posixCommand.js';
import { groupExists, signalGroup, signalTree } from './posixSignals.js';

/** macOS, by `ps`, `lsof` and `sysctl`. */
export const darwin: Platform = {
  ...posixCommand,
  hidesEnvironments: true,
  bootId,
  initialEnvironment: () => undefined,
  identify,
  list,
  childrenOf: () => undefined,
  effort: () => performance.now(),
  startedAt: startOf,
  isOlderThan: (startTime, milliseconds) => {
    const started = startOf(startTime);
    // The process may have started at the end of that second.
    return started !== undefined && Date.now() - started - 1000 > milliseconds;
  },
  urlOpener: (url) => ['/usr/bin/open', url],
  folderOf: async (pid) => {
    const selection = ['-a', '-p', String(pid), '-d', 'cwd', '-F', 'n'];
    return parseFolder(await runLsof(selection).catch(() => ''));
  },
  listeners,
  connections: readConnections,
  // `lsof` lists the sockets with their processes.
  socketsOf: () => Promise.resolve(undefined),
  // A socket may listen on all addresses while another one listens on a single address.
  bindAddresses: [['127.0.0.1'], ['::1'], ['0.0.0.0'], ['::']],
  signal: async (root, members, signal) => {
    // A failing tool says nothing about the processes; the next scan shows which are alive.
    const now = await startTimes(members.map(({ pid }) => pid)).catch(() => new Map<number, string>());
    signalTree(root, members, signal, ({ pid, startTime }) => now.get(pid) === startTime);
  },
  groupExists,
  killGroup: (root) => signalGroup(root, 'SIGKILL'),
  signalUncollected: (root, signal) => {
    signalGroup(root, signal);
    return Promise.resolve(true);
  },
};

async function listeners(): Promise<Listener[]> {
  return parseLsof(await runLsof(['-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pftdn']));
}

/**
 * Lists the processes twice, with and without environments: only the difference shows where the arguments end, and
 * which environments the system hides.
 */
async function list(): Promise<ProcessEntry[]> {
  const [withEnvironments = '', commands = ''] = await Promise.all(
    [['-axww', '-E'], ['-axww']].map((selection) => runPs([...selection, '-o', psColumns])),
  );
  return parsePs(withEnvironments, commands);
}

async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const [startTime, boot] = [(await startTimes([pid])).get(pid), await bootId()];
  return startTime === undefined ? undefined : { pid, startTime, bootId: boot };
}

/** Returns the start times of those of the processes that are alive. */
async function startTimes(pids: readonly number[]): Promise<Map<number, string>> {
  const text = await runPs(['-ww', '-p', pids.join(','), '-o', psColumns]);
  return new Map(parsePs(text, text).map(({ pid, startTime }) => [pid, startTime]));
}

/** Does not change during the life of this process. */
let knownBootId: Promise<string> | undefined;

/** Returns the id of the boot. The time of the boot is not an id: it changes when the clock is set. */
function bootId(): Promise<string> {
  knownBootId ??= readBootId().catch((error: unknown) => {
    knownBootId = undefined;
    throw error;
  });
  return knownBootId;
}

async function readBootId(): Promise<string> {
  const id = (await runSysctl(['-n', 'kern.bootsessionuuid'])).trim();
  if (id === '') throw new Error('sysctl gives no id of the boot.');
  return id;
}
