import type { PortOwner } from '../../core/tcpPorts/portUse.js';
import { findHolders, type PortHolderDeps } from '../sockets/portHolders.js';
import type { ProcessIdentity } from '../../core/server/state.js';
import { listenersOn } from '../system/listeners.js';

/** Maximum number of ports in use that are checked; output may name any number. */
const maxPorts = 10;

/** Rounding of start times, milliseconds. */
const roundingMs = 1000;

/**
 * Checks the ports that a run whose tree is gone announced or was expected to use. Returns those on which a process
 * listens that is younger than the run and belongs to no run on record. That process may have left the tree by a double
 * fork with another environment. Nothing proves then that it belongs to the run, so it gets no signal. The root of the
 * run may have ended before its start time could be read; `createdAt` stands for it then.
 */
export async function escapedPorts(
  ports: readonly number[],
  { root, createdAt }: { root: ProcessIdentity | undefined; createdAt: number },
  deps: PortHolderDeps,
): Promise<number[]> {
  if (ports.length === 0) return [];
  const startedAt = (root && deps.platform.startedAt(root.startTime)) ?? createdAt;
  const listeners = await deps.sockets.get().catch(() => []);
  const inUse = ports
    .map((port) => ({ port, own: listenersOn(port, listeners) }))
    .filter(({ own }) => own.length > 0);
  const found = inUse.slice(0, maxPorts).map(async ({ port, own }) => {
    const holders = await findHolders(own, deps);
    const isEscaped = holders.some(
      ({ owner, startedAt: since = 0 }) => !isOnRecord(owner) && since > startedAt - roundingMs,
    );
    return isEscaped ? [port] : [];
  });
  return (await Promise.all(found)).flat();
}

/**
 * Returns whether a record shows to which run a process belongs. Its name and its marker do not: a process that hides can
 * take the name of an editor or a container engine, or the marker of another window.
 */
function isOnRecord(owner: PortOwner): boolean {
  return owner.kind === 'server' || (owner.kind === 'otherWindow' && owner.run !== undefined);
}

/** Output for the terminal of a server that has ended by itself; a stop returns the ports in its report. */
export function escapedText(ports: readonly number[]): Buffer {
  const lines = ports.map(
    (port) => `Port ${port} is still in use by a process that the server seems to have left running.\r\n`,
  );
  return Buffer.from(lines.join(''));
}
