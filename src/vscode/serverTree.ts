import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import type { Translator } from '../core/ports.js';
import type { Registry, ServerRecord } from '../core/registry.js';
import type { ServerId } from '../core/server.js';
import { isStoppable } from '../core/serverState.js';
import { serverView, type ServerView, type ViewMoment } from '../core/serverView.js';
import { groupServers, groupWords, type ServerGroup } from '../core/workspaceView.js';
import type { HiddenServers } from './hiddenServers.js';
import { serverTooltip } from './serverTooltip.js';

/** What a row stands for. Rows are found by id, so that an old one still works after its server has changed. */
export type TreeElement =
  | { readonly kind: 'folder'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'server'; readonly id: ServerId };

/** Changes within so many milliseconds are drawn together. */
const frameMs = 50;

export interface ServerTreePorts {
  readonly registry: Registry;
  readonly l10n: Translator;
  readonly moment: () => ViewMoment;
  readonly hidden: HiddenServers;
  /** Called when somebody looks at the tree. */
  readonly ensureDefinitions: () => Promise<void>;
}

/** The registry's snapshot as a tree: workspace folder (if there are several), package folder, server. */
export class ServerTree implements TreeDataProvider<TreeElement>, Disposable {
  readonly #changed = new EventEmitter<TreeElement | TreeElement[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #elements = new Map<string, TreeElement>();
  readonly #unsubscribe: () => void;
  readonly #hiddenChange: Disposable;
  #grouped: Grouped | undefined;
  #drawn: Drawn;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly ports: ServerTreePorts) {
    this.#drawn = this.#shown();
    const soon = (): void => {
      this.#timer ??= setTimeout(() => this.#draw(), frameMs);
    };
    this.#unsubscribe = ports.registry.onDidChange(soon);
    this.#hiddenChange = ports.hidden.onDidChange(soon);
  }

  async getChildren(element?: TreeElement): Promise<TreeElement[]> {
    if (!element) await this.ports.ensureDefinitions();
    const groups = this.#groups();
    switch (element?.kind) {
      case undefined:
        return hasSeveralFolders(groups)
          ? [...new Set(groups.map(({ folder }) => folder))].map((folder) => this.#element('folder', folder))
          : groups.map(({ id }) => this.#element('group', id));
      case 'folder':
        return groups.filter(({ folder }) => folder === element.id).flatMap((group) => this.#inFolder(group));
      case 'group':
        return groups.filter(({ id }) => id === element.id).flatMap((group) => this.#serversOf(group));
      case 'server':
        return [];
    }
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const groups = this.#groups();
    if (element.kind === 'folder') return undefined;
    const isParent = ({ id, servers }: ServerGroup): boolean =>
      element.kind === 'group'
        ? id === element.id
        : servers.some(({ definition }) => definition.id === element.id);
    const group = groups.find(isParent);
    if (!group) return undefined;
    const isBelowGroup = element.kind === 'server' && !(hasSeveralFolders(groups) && group.path === '');
    if (isBelowGroup) return this.#element('group', group.id);
    return hasSeveralFolders(groups) ? this.#element('folder', group.folder) : undefined;
  }

  getTreeItem(element: TreeElement): TreeItem {
    const { servers } = this.ports.registry.current;
    if (element.kind === 'folder') return folderItem(element.id, servers);
    if (element.kind === 'group') {
      const group = this.#groups().find(({ id }) => id === element.id);
      return group ? groupItem(group, this.ports.l10n) : new TreeItem('');
    }
    const record = this.ports.registry.find(element.id);
    if (!record) return new TreeItem('');
    const item = serverItem(record, this.#view(record));
    return this.ports.hidden.isHidden(record.definition) ? hiddenItem(item, this.ports.l10n) : item;
  }

  /** The tooltip, made when it is looked at, since the uptime in it is of that moment. */
  resolveTreeItem(item: TreeItem, element: TreeElement): TreeItem {
    const record = element.kind === 'server' ? this.ports.registry.find(element.id) : undefined;
    if (record) item.tooltip = serverTooltip(this.#view(record), this.ports.l10n);
    return item;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#hiddenChange.dispose();
    this.#changed.dispose();
  }

  /** The servers of a folder's own package stand right in it: a group of the same name would say nothing. */
  #inFolder(group: ServerGroup): TreeElement[] {
    return group.path === '' ? this.#serversOf(group) : [this.#element('group', group.id)];
  }

  #serversOf({ servers }: ServerGroup): TreeElement[] {
    return servers.map(({ definition }) => this.#element('server', definition.id));
  }

  #view(record: ServerRecord): ServerView {
    return serverView(record, this.ports.moment(), this.ports.l10n);
  }

  /** The same object for the same row, as the editor finds rows by it. */
  #element(kind: TreeElement['kind'], id: string): TreeElement {
    const key = `${kind}:${id}`;
    const element = this.#elements.get(key) ?? { kind, id };
    this.#elements.set(key, element);
    return element;
  }

  /** Each row asks for them, so they are put together once for each state of things. */
  #groups(): readonly ServerGroup[] {
    const servers = this.#shown();
    if (this.#grouped?.servers !== servers) this.#grouped = { servers, groups: groupServers(servers) };
    return this.#grouped.groups;
  }

  #shown(): Drawn {
    return this.ports.hidden.shown(this.ports.registry.current.servers);
  }

  #draw(): void {
    this.#timer = undefined;
    const before = groupServers(this.#drawn);
    const drawn = this.#drawn;
    this.#drawn = this.#shown();
    const after = this.#groups();
    if (headings(before) === headings(after)) this.#changed.fire(this.#changedElements(drawn, before, after));
    else this.#changed.fire(undefined);
  }

  /** Rows with another content, or with other rows below them. */
  #changedElements(
    drawn: Drawn,
    before: readonly ServerGroup[],
    after: readonly ServerGroup[],
  ): TreeElement[] {
    const old = new Set(drawn);
    const groups = after.filter(
      ({ servers }, index) =>
        servers.length !== before[index]?.servers.length ||
        servers.some((record, position) => record !== before[index]?.servers[position]),
    );
    const folders = hasSeveralFolders(after) ? groups.map(({ folder }) => folder) : [];
    const changed = groups.flatMap(({ servers }) => servers.filter((record) => !old.has(record)));
    return [
      ...[...new Set(folders)].map((folder) => this.#element('folder', folder)),
      ...groups.map(({ id }) => this.#element('group', id)),
      ...changed.map(({ definition }) => this.#element('server', definition.id)),
    ];
  }
}

type Drawn = readonly ServerRecord[];

interface Grouped {
  readonly servers: Drawn;
  readonly groups: readonly ServerGroup[];
}

/** Which groups there are, and in which order. */
function headings(groups: readonly ServerGroup[]): string {
  return groups.map(({ folder, id }) => `${folder}\0${id}`).join('\n');
}

function hiddenItem(item: TreeItem, l10n: Translator): TreeItem {
  const { description, contextValue, iconPath } = item;
  item.contextValue = `${contextValue ?? ''} hidden`;
  item.description = [l10n.t('hidden'), description].filter((part) => part).join(', ');
  if (iconPath instanceof ThemeIcon)
    item.iconPath = new ThemeIcon(iconPath.id, new ThemeColor('disabledForeground'));
  return item;
}

function hasSeveralFolders(groups: readonly ServerGroup[]): boolean {
  return groups.some(({ folder }) => folder !== groups[0]?.folder);
}

function folderItem(name: string, servers: readonly ServerRecord[]): TreeItem {
  const item = new TreeItem(name, TreeItemCollapsibleState.Expanded);
  item.id = `folder:${name}`;
  const active = servers.some(({ definition, state }) => definition.folder === name && isStoppable(state));
  item.contextValue = active ? 'folder group active' : 'folder group';
  item.iconPath = new ThemeIcon('root-folder');
  return item;
}

function groupItem(group: ServerGroup, l10n: Translator): TreeItem {
  const item = new TreeItem(group.path || group.folder, TreeItemCollapsibleState.Expanded);
  const active = group.servers.some(({ state }) => isStoppable(state));
  item.id = `group:${group.id}`;
  item.contextValue = active ? 'group active' : 'group';
  item.iconPath = new ThemeIcon(group.path === '' ? 'root-folder' : 'folder');
  item.description = groupWords(group, l10n);
  return item;
}

function serverItem({ definition }: ServerRecord, view: ServerView): TreeItem {
  const item = new TreeItem(view.label, TreeItemCollapsibleState.None);
  item.id = `server:${definition.id}`;
  item.contextValue = view.context;
  item.description = view.description;
  item.iconPath = new ThemeIcon(
    view.icon,
    view.colour === undefined ? undefined : new ThemeColor(view.colour),
  );
  item.accessibilityInformation = { label: view.spoken };
  return item;
}
