import { ThemeColor, ThemeIcon, TreeItemCollapsibleState, type TreeItem } from 'vscode';
import type { Expansion } from '../../core/views/groupOrder.js';
import type { GroupView } from '../../core/views/groupView.js';
import type { ServerView } from '../../core/views/serverView.js';
import type { ServerGroup } from '../../core/views/groups.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { isStoppable } from '../../core/server/stateQueries.js';
import { createRow } from '../display/rows.js';

/** Returns the row of a workspace folder. */
export function folderItem(name: string, servers: readonly ServerRecord[]): TreeItem {
  const item = createRow({ label: name }, true);
  item.id = `folder:${name}`;
  const active = servers.some(({ definition, state }) => definition.folder === name && isStoppable(state));
  item.contextValue = active ? 'folder group active' : 'folder group';
  item.iconPath = new ThemeIcon('root-folder');
  return item;
}

/** Returns the row of a group. */
export function groupItem({ id, name }: ServerGroup, view: GroupView): TreeItem {
  const { label, description, spoken } = view;
  // A named group reports the state of its servers to screen readers; for a package folder the visible text is enough.
  const item = createRow({ label, description, ...(name !== undefined && { spoken }) }, true);
  item.id = `group:${id}`;
  item.contextValue = name === undefined ? `${view.context} package` : view.context;
  item.iconPath = icon(view);
  return item;
}

/** Opens or folds the row of a group. `isFiltered` shows that it has servers that match. */
export function expandedItem(item: TreeItem, expansion: Expansion, isFiltered: boolean): TreeItem {
  const { Collapsed, Expanded } = TreeItemCollapsibleState;
  item.collapsibleState = expansion === 'folded' && !isFiltered ? Collapsed : Expanded;
  if (isFiltered) item.id = `${item.id ?? ''}:filtered`;
  else if (expansion !== 'plain') item.id = `${item.id ?? ''}:${expansion}`;
  return item;
}

/** Returns the row of a server. */
export function serverItem({ definition }: ServerRecord, view: ServerView, isPinned: boolean): TreeItem {
  const item = createRow(view);
  item.id = `server:${definition.id}`;
  const ways = definition.alternatives ? ' ways' : '';
  item.contextValue = `${view.context}${ways}${isPinned ? ' pinned' : ''}`;
  item.iconPath = icon(view);
  return item;
}

/** Marks the row of a hidden server and dims its icon. */
export function hiddenItem(item: TreeItem, l10n: Translator): TreeItem {
  const { description, contextValue, iconPath } = item;
  item.contextValue = `${contextValue ?? ''} hidden`;
  item.description = [l10n.t('hidden'), description].filter((part) => part).join(', ');
  if (iconPath instanceof ThemeIcon)
    item.iconPath = new ThemeIcon(iconPath.id, new ThemeColor('disabledForeground'));
  return item;
}

function icon({ icon: id, colour }: Pick<ServerView, 'icon' | 'colour'>): ThemeIcon {
  return new ThemeIcon(id, colour === undefined ? undefined : new ThemeColor(colour));
}
