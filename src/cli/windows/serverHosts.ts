import { shortId } from '../../core/server/identity.js';
import type { WindowTimeouts, WindowClient, WindowClientEvents } from '../../mcp/bridge/windowClient.js';
import type { FoundWindows } from '../../mcp/bridge/chooseWindow.js';
import type { WindowRecord } from '../../mcp/bridge/windowRecords.js';
import { realPath } from '../../host/system/boundedReads.js';
import { report } from '../call/output.js';
import { serversOf, type WindowServer, type WindowServers } from './listedServers.js';
import { serverNamed } from './serverNames.js';
import { connectTo, requiredWindows, windowsOf } from './windowSession.js';
import { errorMessage } from '../../core/errorMessage.js';

/** A server, and the window or `devservers up` that controls it. */
export interface HostedServer extends WindowServer {
  readonly window: WindowRecord;
}

interface Host extends WindowServers {
  readonly window: WindowRecord;
  readonly client: WindowClient;
}

interface HostedServers extends WindowServers {
  readonly servers: readonly HostedServer[];
}

/**
 * Runs an action with the server that a name means, and the connection to where it runs: of a window and a `devservers
 * up` on the same folder, the one that has started it. Rejects with a `CommandError` if there is no window or no such
 * server.
 */
export async function withServer<Result>(
  folder: string,
  name: string | undefined,
  action: (server: HostedServer, client: WindowClient) => Promise<Result>,
  events: Partial<WindowClientEvents> = {},
): Promise<Result> {
  const found = await requiredWindows(folder);
  let chosen: WindowRecord | undefined;
  const hosts = await openHosts(found, (window) => ({
    ...events,
    onClosed: () => {
      if (chosen === window) events.onClosed?.();
    },
  }));
  try {
    const { servers } = mergedServers(hosts);
    const id = serverNamed(name, ...(await inResolvedFolders(servers, folder)));
    const server = servers.find((each) => each.id === id);
    const host = hosts.find(({ window }) => window === server?.window);
    if (!server || !host) throw new Error(`${id} has no window.`);
    chosen = host.window;
    return await action(server, host.client);
  } finally {
    for (const { client } of hosts) client.close();
  }
}

/**
 * Resolves links in the folders of servers and in the current one if none of the servers is in the current folder: the
 * window may have the folder open by another path, such as `/tmp` for `/private/tmp` on macOS.
 */
async function inResolvedFolders(
  servers: readonly HostedServer[],
  folder: string,
): Promise<readonly [servers: readonly HostedServer[], folder: string]> {
  if (servers.some((server) => server.folder === folder)) return [servers, folder];
  const folders = [...new Set(servers.map((server) => server.folder))];
  const paths = new Map(
    await Promise.all(folders.map(async (path) => [path, await resolved(path)] as const)),
  );
  return [
    servers.map((server) => ({ ...server, folder: paths.get(server.folder) ?? server.folder })),
    await resolved(folder),
  ];
}

function resolved(path: string): Promise<string> {
  return realPath(path).catch(() => path);
}

/** Returns the servers of these windows, each once. Rejects when none of the windows answers. */
export async function serversIn(found: FoundWindows, timeouts?: WindowTimeouts): Promise<HostedServers> {
  const hosts = await openHosts(found, () => ({}), timeouts);
  for (const { client } of hosts) client.close();
  return mergedServers(hosts);
}

/** Connects to the windows. One that does not answer is reported, unless it is the only one: then this rejects. */
async function openHosts(
  { windows, worktree }: FoundWindows,
  eventsOf: (window: WindowRecord) => Partial<WindowClientEvents>,
  timeouts?: WindowTimeouts,
): Promise<readonly Host[]> {
  const results = await Promise.allSettled(
    windows.map((window) => openHost(window, worktree, eventsOf(window), timeouts)),
  );
  const hosts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const [error, ...others] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (hosts.length === 0) throw error;
  for (const each of error === undefined ? [] : [error, ...others])
    report(`Servers may be missing. ${errorMessage(each)}`);
  return hosts;
}

async function openHost(
  window: WindowRecord,
  worktree: string | undefined,
  events: Partial<WindowClientEvents>,
  timeouts: WindowTimeouts | undefined,
): Promise<Host> {
  const client = connectTo(window, worktree, events, timeouts);
  try {
    return { window, client, ...(await serversOf(client)) };
  } catch (error) {
    client.close();
    throw error;
  }
}

/** Returns each server as described by the window that runs it, or else by the first window that has it. */
function mergedServers(hosts: readonly Host[]): HostedServers {
  const merged = new Map<string, HostedServer>();
  for (const { window, servers } of hosts) {
    for (const server of servers) {
      // The workspace folder may have another name in each window.
      const key = JSON.stringify([shortId(server.id), server.folder]);
      const known = merged.get(key);
      if (!known || (!isActive(known) && isActive(server))) merged.set(key, { ...server, window });
    }
  }
  return { servers: [...merged.values()], isWhole: hosts.every(({ isWhole }) => isWhole) };
}

function isActive({ state }: WindowServer): boolean {
  return state !== 'stopped' && state !== 'crashed';
}

/** Shorter than that of commands, since a report waits for the answer, which only adds a detail to it. */
const detailTimeouts: WindowTimeouts = { welcomeMs: 3000, heartbeatMs: 1000 };

/**
 * Returns the pid of another `devservers up` that runs the server; `undefined` if a window runs it. Rejects when none
 * of the windows answers within seconds.
 */
export async function terminalWith(
  { id, cwd }: { readonly id: string; readonly cwd: string },
  folder: string,
): Promise<number | undefined> {
  const { windows } = await windowsOf(folder);
  const [first, ...others] = windows.filter(({ process: { pid } }) => pid !== process.pid);
  if (!first) return undefined;
  const { servers } = await serversIn({ windows: [first, ...others], worktree: undefined }, detailTimeouts);
  const owner = servers.find(
    (each) => isActive(each) && shortId(each.id) === shortId(id) && each.folder === cwd,
  )?.window;
  return owner?.isTerminal === true ? owner.process.pid : undefined;
}
