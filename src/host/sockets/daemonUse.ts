import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '../platform/platform.js';
import type { Daemon } from '../processTree/daemons.js';
import type { Connection } from '../system/connections.js';
import type { ProcessEntry } from '../system/processes.js';
import { findSocketHolders, listProcessSockets, type SocketHolders } from './socketHolders.js';

/** Time for a daemon to close the connections of a client that has ended, milliseconds. */
const closeMs = 500;

const pollMs = 50;

/**
 * Number of queries in a row: the kernel reports its sockets in parts, and can miss one when others are closed
 * meanwhile, but hardly twice.
 */
const requiredEmptyScans = 2;

/** Sockets of display servers on Linux: X(7), and `WAYLAND_DISPLAY`. */
const display = /^@?\/tmp\/\.X11-unix\/|\/wayland-\d+$/;

/** Returns whether programs that are started now can open windows. */
export function hasDisplay({ DISPLAY = '', WAYLAND_DISPLAY = '' }: NodeJS.ProcessEnv): boolean {
  return DISPLAY + WAYLAND_DISPLAY !== '';
}

/** Sockets that a daemon offers to others, and their users. */
export interface DaemonUse {
  /** TCP ports on which it listens. */
  readonly ports: readonly number[];
  /** Connections of processes outside of it, and its own to a display, since the user sees its windows. */
  readonly connections: readonly Connection[];
  /** `true` when it is connected to a display. */
  readonly hasWindows: boolean;
}

/**
 * Finds the connections that others have to a daemon. Where the system does not report the other end, as Linux without `ss`
 * for Unix sockets, each connection that the daemon does not close counts. Rejects when the system's tool for it fails.
 */
export async function findDaemonUse(daemon: Daemon, platform: Platform): Promise<DaemonUse> {
  const deadline = performance.now() + closeMs;
  for (let emptyScans = 0; ; await sleep(pollMs)) {
    const use = await scanDaemonUse(daemon, platform);
    emptyScans = use.connections.length === 0 ? emptyScans + 1 : 0;
    const isCertain = use.hasWindows || use.connections.some(({ peer }) => peer);
    if (isCertain || emptyScans >= requiredEmptyScans || performance.now() > deadline) return use;
  }
}

async function scanDaemonUse({ processes }: Daemon, platform: Platform): Promise<DaemonUse> {
  const connections = await platform.connections();
  const holders = findSocketHolders(await listProcessSockets(processes, platform), connections);
  const offered = offeredBy(processes, connections, holders);
  const addresses = new Set(offered.map(({ at }) => at));
  const isFromOutside = (each: Connection): boolean =>
    !each.isListening &&
    addresses.has(each.at) &&
    holders.of(each).length > 0 &&
    !(each.peer && holders.of(each.peer).length > 0);
  const windows = connections.filter(
    ({ at, peer }) => display.test(at) && peer && holders.of(peer).length > 0,
  );
  return {
    ports: [...new Set(offered.flatMap(({ port }) => port ?? []))],
    connections: [...connections.filter(isFromOutside), ...windows.map(displayConnection)],
    hasWindows: windows.length > 0,
  };
}

/** The other end is the daemon itself, which is not its user. */
function displayConnection(connection: Connection): Connection {
  return { ...connection, peer: undefined };
}

/**
 * Returns the sockets that listen for other processes. If a parent process listens too, its child listens for the
 * parent.
 */
function offeredBy(
  processes: readonly ProcessEntry[],
  connections: readonly Connection[],
  holders: SocketHolders,
): Connection[] {
  const listening = connections.filter((each) => each.isListening && holders.of(each).length > 0);
  const listeners = new Set(listening.flatMap((each) => holders.of(each)));
  const byPid = new Map(processes.map((entry) => [entry.pid, entry]));
  const isBelowListener = (pid: number): boolean => {
    const parent = byPid.get(pid)?.parent ?? 0;
    return byPid.has(parent) && (listeners.has(parent) || isBelowListener(parent));
  };
  return listening.filter((each) => holders.of(each).some((pid) => !isBelowListener(pid)));
}
