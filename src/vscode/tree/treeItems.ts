import { ThemeColor, ThemeIcon, TreeItemCollapsibleState, type TreeItem } from 'vscode';
import type { Expansion } from '../../core/views/groupOrder.js';
import type { GroupView } from '../../core/views/groupView.js';
import type { ServerView } from '../../core/views/serverView.js';
import type { ServerGroup } from '../../core/views/groups.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { createRow } from '../display/rows.js';

/** Returns the row of a workspace folder. */
export function folderItem(name: string, view: GroupView): TreeItem {
  return parentItem(`folder:${name}`, view);
}

/** Returns the row of a group. */
export function groupItem({ id, name }: ServerGroup, view: GroupView): TreeItem {
  const item = parentItem(`group:${id}`, view);
  if (name === undefined) item.contextValue = `${view.context} package`;
  return item;
}

function parentItem(id: string, view: GroupView): TreeItem {
  const item = createRow(view, true);
  item.id = id;
  item.contextValue = view.context;
  item.iconPath = icon(view);
  return item;
}

/** Expands or folds the row of a group. `isFiltered` means that it has matching servers. */
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
  // Runs on a click and on Enter; on a double-click, it runs twice.
  const target = { kind: 'server', id: definition.id };
  item.command = { command: 'devServers.showRow', title: view.label, arguments: [target] };
  const ways = definition.alternatives ? ' ways' : '';
  item.contextValue = `${view.context}${ways}${isPinned ? ' pinned' : ''}`;
  item.iconPath = icon(view);
  return item;
}

/** Marks the row of a hidden server and dims its icon. */
export function hiddenItem(item: TreeItem, l10n: Translator): TreeItem {
  const { description, contextValue, iconPath } = item;
  item.contextValue = `${contextValue ?? ''} hidden`;
  item.description = [l10n.t('hidden'), description].filter((part) => part).join(' · ');
  if (iconPath instanceof ThemeIcon)
    item.iconPath = new ThemeIcon(iconPath.id, new ThemeColor('disabledForeground'));
  return item;
}

function icon({ icon: id, color }: Pick<ServerView, 'icon' | 'color'>): ThemeIcon {
  return new ThemeIcon(id, color === undefined ? undefined : new ThemeColor(color));
}
