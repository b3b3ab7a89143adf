import { window } from 'vscode';
import type { OrderedStop } from '../../core/dependencies/orderedStop.js';
import { pickItem } from '../display/picks.js';
import { groupLabel, groupServers } from '../../core/views/groups.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import type { TreeElement } from '../tree/serverTree.js';
import { startForUser, type UserStartDeps } from './userStart.js';
import type { ServerId } from '../../core/server/identity.js';
import { isIdle } from '../../core/server/stateQueries.js';

export interface GroupCommandDeps extends UserStartDeps {
  readonly stops: OrderedStop;
  readonly hidden: HiddenServers;
}

/** Starts the idle servers of a group and their dependencies, with progress in the view. */
export async function startGroup(target: GroupTarget, deps: GroupCommandDeps): Promise<void> {
  const idle = (await groupMembers(target, deps)).filter((id) => {
    const state = deps.registry.find(id)?.state;
    return state && (isIdle(state) || state.kind === 'queued');
  });
  if (idle.length === 0) return;
  await window.withProgress({ location: { viewId: 'devServers.servers' } }, () => startForUser(idle, deps));
}

/** Stops the servers of a group, idle ones too: a start may be queued. */
export async function stopGroup(
  target: GroupTarget,
  deps: GroupCommandDeps,
): ReturnType<OrderedStop['stopAll']> {
  return deps.stops.stopAll(await groupMembers(target, deps));
}

/** Tree row, group id from code or a keybinding, or `undefined` from the command palette. */
type GroupTarget = TreeElement | string | undefined;

async function groupMembers(
  target: GroupTarget,
  { registry, hidden, l10n }: GroupCommandDeps,
): Promise<readonly ServerId[]> {
  const servers = hidden.shown(registry.current.servers);
  const id = typeof target === 'string' ? target : target?.id;
  const members = servers.map(({ definition }) => definition);
  if (typeof target === 'object' && target.kind === 'folder') {
    return members.filter(({ folder }) => folder === id).map((definition) => definition.id);
  }
  const groups = groupServers(servers).map((group) => ({
    label: groupLabel(group),
    description: group.id,
    ids: group.servers.map(({ definition }) => definition.id),
  }));
  if (id !== undefined) return groups.find(({ description }) => description === id)?.ids ?? [];
  const chosen = await pickItem(groups, l10n.t('Select a group'));
  return chosen?.ids ?? [];
}
