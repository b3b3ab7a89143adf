import type { OrderedStop } from '../../core/dependencies/orderedStop.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { mainServer, mainServers } from '../../core/server/mainServers.js';
import { pickItem } from '../display/picks.js';
import { askModally } from '../display/messages.js';
import { groupLabel, groupServers, type ServerGroup } from '../../core/views/groups.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import type { TreeElement } from '../tree/serverTree.js';
import { startForUser, type UserStartDeps } from './userStart.js';
import type { ServerId } from '../../core/server/identity.js';
import { isIdle } from '../../core/server/stateQueries.js';
import { joinList } from '../../core/text.js';

/** Maximum number of servers that are started together without asking. */
const maxUnasked = 10;

export interface GroupCommandDeps extends UserStartDeps {
  readonly stops: OrderedStop;
  readonly hidden: HiddenServers;
}

/**
 * Starts the idle servers of a group that the user configured, the main server of a package, or those of a workspace
 * folder, and their dependencies.
 */
export async function startGroup(target: GroupTarget, deps: GroupCommandDeps): Promise<void> {
  const chosen = await chooseGroup(target, deps);
  if (chosen) await startIdle(serversToStart(chosen), deps);
}

/** Starts the group that the user configured, or the main server of each package. */
export async function startAll(deps: GroupCommandDeps): Promise<void> {
  const { l10n } = deps;
  const configured = shownGroups(deps).filter(({ name }) => name !== undefined);
  if (configured.length === 0) {
    const mains = mainServers(shownDefinitions(deps));
    const detail = mains.map((definition) => serverTitle(definition));
    const isMeant =
      mains.length <= maxUnasked ||
      (await askModally(l10n.t('Start {0} servers?', mains.length), detail, l10n.t('Start All')));
    if (isMeant) await startIdle(mains, deps);
    return;
  }
  const [only] = configured;
  const group = configured.length === 1 ? only : await pickGroup(configured, deps);
  if (group) await startIdle(serversToStart({ kind: 'group', group }), deps);
}

/** Stops the servers of a group, idle ones too: a start may be queued. */
export async function stopGroup(
  target: GroupTarget,
  deps: GroupCommandDeps,
): ReturnType<OrderedStop['stopAll']> {
  const chosen = await chooseGroup(target, deps);
  const members =
    chosen?.kind === 'folder' ? chosen.servers : ((chosen && definitionsOf(chosen.group)) ?? []);
  return deps.stops.stopAll(members.map(({ id }) => id));
}

/** Tree row, group id from code or a keybinding, or `undefined` from the command palette. */
type GroupTarget = TreeElement | string | undefined;

type ChosenGroup =
  | { readonly kind: 'folder'; readonly servers: readonly ServerDefinition[] }
  | { readonly kind: 'group'; readonly group: ServerGroup };

function serversToStart(chosen: ChosenGroup): readonly ServerDefinition[] {
  if (chosen.kind === 'folder') return mainServers(chosen.servers);
  const servers = definitionsOf(chosen.group);
  // The servers of a package are often different ways to run one app.
  const main = chosen.group.name === undefined ? mainServer(servers) : undefined;
  return main ? [main] : servers;
}

async function startIdle(servers: readonly ServerDefinition[], deps: GroupCommandDeps): Promise<void> {
  const idle = servers.flatMap(({ id }): readonly ServerId[] => {
    const state = deps.registry.find(id)?.state;
    return state && (isIdle(state) || state.kind === 'queued') ? [id] : [];
  });
  if (idle.length === 0) return;
  // Without a progress of the view, whose icon would hide the number in the badge.
  await startForUser(idle, deps);
}

async function chooseGroup(target: GroupTarget, deps: GroupCommandDeps): Promise<ChosenGroup | undefined> {
  const id = typeof target === 'string' ? target : target?.id;
  if (typeof target === 'object' && target.kind === 'folder')
    return { kind: 'folder', servers: shownDefinitions(deps).filter(({ folder }) => folder === id) };
  const groups = shownGroups(deps);
  const group = id === undefined ? await pickGroup(groups, deps) : groups.find((each) => each.id === id);
  return group && { kind: 'group', group };
}

async function pickGroup(
  groups: readonly ServerGroup[],
  { l10n }: GroupCommandDeps,
): Promise<ServerGroup | undefined> {
  const isOneFolder = new Set(groups.map(({ folder }) => folder)).size === 1;
  const items = groups.map((group) => {
    const names = joinList(
      group.servers.map(({ definition }) => definition.name),
      l10n,
    );
    return {
      label: groupLabel(group),
      description: isOneFolder ? names : `${names} · ${group.folder}`,
      group,
    };
  });
  return (await pickItem(items, l10n.t('Select a group')))?.group;
}

function shownGroups({ hidden, registry }: GroupCommandDeps): readonly ServerGroup[] {
  return groupServers(hidden.shown(registry.current.servers));
}

function shownDefinitions({ hidden, registry }: GroupCommandDeps): readonly ServerDefinition[] {
  return hidden.shown(registry.current.servers).map(({ definition }) => definition);
}

function definitionsOf({ servers }: ServerGroup): readonly ServerDefinition[] {
  return servers.map(({ definition }) => definition);
}
