import { randomUUID } from 'node:crypto';
import { ServerError } from '../../core/server/errors.js';
import type { PortHolder } from '../../core/tcpPorts/portUse.js';
import type { ProcessIdentity } from '../../core/server/state.js';
import { survivorNames } from '../../core/lifecycle/survivors.js';
import { terminateForeignTree } from '../processTree/foreignTree.js';
import { isAlive } from '../platform/processIdentity.js';
import type { DaemonPolicy } from '../processTree/daemons.js';
import { SeenMembers } from '../system/seenMembers.js';
import { inspectPort, type PortHolderDeps } from './portHolders.js';
import { portsInUse } from './tcpPorts.js';
import { untranslated } from '../../core/text.js';

interface KillPortOwnerDeps extends PortHolderDeps {
  /** Without it no daemon outlives the process. */
  readonly daemons?: DaemonPolicy;
}

/**
 * Terminates a foreign process that uses a port, and its descendants except daemons that others use. Rejects with the
 * errors of `PortInspector.killPortOwner`. Checks identity and port again just before, since the user may have taken
 * long to confirm.
 */
export async function killPortOwner(
  port: number,
  process: ProcessIdentity,
  deps: KillPortOwnerDeps,
): Promise<void> {
  const { platform, table, daemons } = deps;
  const holder = await requireForeign(port, process, deps);
  const { pid } = process;
  const { parent = 0, session } = (await table.get()).find((entry) => entry.pid === pid) ?? {};
  // A foreign process has no marker of the extension: no marker may match the name, and its descendants are found by
  // their parents alone.
  const root = { name: randomUUID(), process, parent, session, seen: new SeenMembers([process]) };
  const { survivors } = await terminateForeignTree(root, { platform, table, daemons });
  const alive = [...survivors];
  // The root is not recognized as a member of the tree once its parent is gone.
  if (alive.length === 0 && (await isAlive(process, platform))) alive.push({ pid, command: holder.command });
  if (alive.length > 0) {
    throw new ServerError(
      'survivors',
      untranslated(
        'The program that uses port {0} could not be stopped. Still running: {1}.',
        port,
        survivorNames(alive),
      ),
    );
  }
  if ((await portsInUse([port])).length === 0) return;
  throw new ServerError(
    'portInUse',
    untranslated('{0} has exited, but port {1} is in use again.', holder.name, port),
  );
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
    throw new ServerError(
      'badRequest',
      untranslated('Process {0} no longer uses port {1}.', process.pid, port),
    );
  if (holder.owner.kind === 'foreign') return holder;
  throw new ServerError(
    'badRequest',
    untranslated('{0} (PID {1}) must not be stopped.', holder.name, process.pid),
  );
}

function isSameProcess(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.pid === other.pid && one.startTime === other.startTime && one.bootId === other.bootId;
}
