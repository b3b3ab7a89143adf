import type { Registry } from '../../core/registry/registry.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';
import type { ServerState } from '../../core/server/state.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import type { TreeElement } from '../tree/serverTree.js';
import type { CommandTarget } from './commandIds.js';
import { pickServer, type PickDeps } from './serverPick.js';

export interface ChooseDeps extends PickDeps {
  readonly registry: Registry;
}

/** Returns the server of a target; `undefined` if the target is none, or if the server is no longer listed. */
export function targetRecord(target: CommandTarget, registry: Registry): ServerRecord | undefined {
  const id = serverIdOf(target);
  return id === undefined ? undefined : registry.find(id);
}

function serverIdOf(target: CommandTarget): ServerId | undefined {
  if (typeof target === 'string') return target;
  return target?.kind === 'server' ? target.id : undefined;
}

interface ChooseShownDeps extends ChooseDeps {
  readonly hidden: Pick<HiddenServers, 'shown'>;
}

type Matches = (record: ServerRecord) => boolean;

/** Returns the server of the target, or lets the user choose among those that match. */
export async function chooseServer(
  deps: ChooseDeps,
  target: CommandTarget,
  matches: Matches,
  placeHolder: string,
): Promise<ServerRecord | undefined> {
  if (serverIdOf(target) !== undefined) return targetRecord(target, deps.registry);
  return pickServer(
    deps.registry.current.servers.filter((record) => matches(record)),
    placeHolder,
    deps,
  );
}

/** As `chooseServer`, among the servers that the view shows. */
export function chooseShown(
  deps: ChooseShownDeps,
  target: CommandTarget,
  matches: (state: ServerState) => boolean,
  placeHolder: string,
): Promise<ServerRecord | undefined> {
  return chooseServer(deps, target, (record) => matches(record.state) && isShown(record, deps), placeHolder);
}

/** Returns whether the view shows a server. */
export function isShown(record: ServerRecord, { hidden, registry }: ChooseShownDeps): boolean {
  return hidden.shown(registry.current.servers).includes(record);
}

/** Returns the matching servers among several selected rows; `undefined` unless several are selected. */
export function selectedServers(
  registry: Pick<Registry, 'find'>,
  selected: readonly TreeElement[] | undefined,
  matches: Matches,
): readonly ServerRecord[] | undefined {
  return selected && selected.length > 1 ? serversOf(registry, selected, matches) : undefined;
}

/** Returns the matching servers of rows. */
export function serversOf(
  registry: Pick<Registry, 'find'>,
  rows: readonly TreeElement[],
  matches: Matches,
): readonly ServerRecord[] {
  return rows
    .flatMap(({ kind, id }) => (kind === 'server' ? (registry.find(id) ?? []) : []))
    .filter((record) => matches(record));
}
