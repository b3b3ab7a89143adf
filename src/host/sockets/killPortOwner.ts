import { randomUUID } from 'node:crypto';
import { ServerError } from '../../core/server/errors.js';
import type { PortHolder } from '../../core/tcpPorts/portUse.js';
import type { ProcessIdentity } from '../../core/server/state.js';
import { survivorNames } from '../../core/lifecycle/survivors.js';
import { terminateForeignTree } from '../processTree/foreignTree.js';
import { isAlive } from '../platform/processIdentity.js';
import { inspectPort, type PortHolderDeps } from './portHolders.js';
import { portsInUse } from './tcpPorts.js';

/**
 * Terminates a foreign process that uses a port, and its descendants. Errors are those of `PortInspector.killPortOwner`.
 * Checks identity and port again right before, since the user may have taken long to confirm.
 */
export async function killPortOwner(
  port: number,
  process: ProcessIdentity,
  deps: PortHolderDeps,
): Promise<void> {
  const { platform, table } = deps;
  const holder = await requireForeign(port, process, deps);
  const { pid } = process;
  const parent = (await table.get()).find((entry) => entry.pid === pid)?.parent ?? 0;
  // A foreign process has no marker of the extension, so no marker may match the name.
  const root = { name: randomUUID(), process, parent };
  const { survivors } = await terminateForeignTree(root, platform, table);
  const alive = [...survivors];
  // The root is not recognised as a member of the tree once its parent is gone.
  if (alive.length === 0 && (await isAlive(process, platform))) alive.push({ pid, command: holder.command });
  if (alive.length > 0) {
    throw new ServerError(
      'survivors',
      `What holds port ${port} could not be ended: still alive: ${survivorNames(alive)}.`,
    );
  }
  if ((await portsInUse([port])).length === 0) return;
  throw new ServerError('portInUse', `${holder.name} has ended, but port ${port} is in use again.`);
}

async function requireForeign(
  port: number,
  process: ProcessIdentity,
  deps: PortHolderDeps,
): Promise<PortHolder> {
  const use = await inspectPort(port, deps);
  const holders = use.kind === 'held' ? use.holders : [];
  const holder = holders.find((each) => isSameProcess(each.process, process));
  if (!holder)
    throw new ServerError('badRequest', `Process ${process.pid} does not hold port ${port} any more.`);
  if (holder.owner.kind === 'foreign') return holder;
  throw new ServerError('badRequest', `${holder.name} (process ${process.pid}) must not be ended.`);
}

function isSameProcess(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.pid === other.pid && one.startTime === other.startTime && one.bootId === other.bootId;
}
