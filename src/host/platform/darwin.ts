import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../../core/server/state.js';
import type { Listener } from '../system/listeners.js';
import type { ProcessEntry } from '../system/processes.js';
import { parseConnections } from './darwinConnections.js';
import { parseFolder, parseLsof } from './darwinLsof.js';
import { parsePs, psColumns, startOf } from './darwinPs.js';
import { darwinTools } from './darwinTools.js';
import type { Platform } from './platform.js';
import { posixCommand } from './posixCommand.js';
import { groupExists, signalGroup, signalTree } from './posixSignals.js';

const run = promisify(execFile);

/** Timeout of the tools, milliseconds: a `ps` that hangs must not hang a stop. */
const toolTimeoutMs = 3000;

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
    // It may have started at the end of that second.
    return started !== undefined && Date.now() - started - 1000 > milliseconds;
  },
  folderOf: async (pid) => {
    const selection = ['-a', '-p', String(pid), '-d', 'cwd', '-F', 'n'];
    return parseFolder(await lsof(selection).catch(() => ''));
  },
  listeners,
  connections: async () =>
    parseConnections(await lsof(['-nP', '-iTCP', '-sTCP:LISTEN,ESTABLISHED', '-U', '-F', 'pftdnT'])),
  // `lsof` lists the sockets with their processes.
  socketsOf: () => Promise.resolve(undefined),
  // One socket may listen on all addresses while another one listens on a single address.
  bindAddresses: [['127.0.0.1'], ['::1'], ['0.0.0.0'], ['::']],
  signal: async (root, members, signal) => {
    const now = await startTimes(members.map(({ pid }) => pid));
    signalTree(root, members, signal, ({ pid, startTime }) => now.get(pid) === startTime);
  },
  groupExists,
  signalUncollected: (root, signal) => {
    signalGroup(root, signal);
    return Promise.resolve(true);
  },
};

async function listeners(): Promise<Listener[]> {
  return parseLsof(await lsof(['-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pftdn']));
}

/**
 * Lists the processes twice, with and without environments: only the difference shows where the arguments end, and
 * which environments the system hides.
 */
async function list(): Promise<ProcessEntry[]> {
  const [withEnvironments, commands] = await Promise.all([ps(['-axww', '-E']), ps(['-axww'])]);
  return parsePs(withEnvironments, commands);
}

async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const [startTime, boot] = [(await startTimes([pid])).get(pid), await bootId()];
  return startTime === undefined ? undefined : { pid, startTime, bootId: boot };
}

/** Returns the start times of those of the processes that are alive. */
async function startTimes(pids: readonly number[]): Promise<Map<number, string>> {
  // `ps` fails with 1 when there is none of them. Any other failure says nothing about the processes.
  const text = await ps(['-ww', '-p', pids.join(',')]).catch(outputOfFailure);
  return new Map(parsePs(text, text).map(({ pid, startTime }) => [pid, startTime]));
}

function ps(selection: readonly string[]): Promise<string> {
  return outputOf(darwinTools.ps, [...selection, '-o', psColumns], {
    // The dates are in the language of the user, and in the time zone of each process, unless these are set.
    LC_ALL: '',
    LC_TIME: 'C',
    TZ: 'UTC0',
    // Other bytes of a command would be escaped.
    LC_CTYPE: 'UTF-8',
  });
}

/** `lsof` fails with 1 when it finds nothing, and also when it could not read all that it lists. */
function lsof(selection: readonly string[]): Promise<string> {
  return outputOf(darwinTools.lsof, ['-w', ...selection], {}).catch(outputOfFailure);
}

async function outputOf(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run(file, args, {
    env: { ...process.env, ...env },
    timeout: toolTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Returns the output of a tool that ended with 1; throws any other error again. */
function outputOfFailure(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 1) throw error;
  return 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : '';
}

/** Does not change during the life of this process. */
let knownBootId: Promise<string> | undefined;

/** Returns the id of the boot. The time of the boot is none: it changes whenever the clock is set. */
function bootId(): Promise<string> {
  knownBootId ??= readBootId().catch((error: unknown) => {
    knownBootId = undefined;
    throw error;
  });
  return knownBootId;
}

async function readBootId(): Promise<string> {
  const id = (await outputOf(darwinTools.sysctl, ['-n', 'kern.bootsessionuuid'], {})).trim();
  if (id === '') throw new Error('sysctl gives no id of the boot.');
  return id;
}
