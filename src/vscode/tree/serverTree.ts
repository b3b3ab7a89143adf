import { EventEmitter, type Disposable, type TreeDataProvider, type TreeItem } from 'vscode';
import { GroupIndex } from '../../core/views/groupIndex.js';
import { folderView, groupView } from '../../core/views/groupView.js';
import { rowLabel } from '../../core/views/rowLabel.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverView, type ServerView, type ViewMoment } from '../../core/views/serverView.js';
import { titlesOf, type ServerGroup } from '../../core/views/groups.js';
import type { HiddenServers } from './hiddenServers.js';
import type { PreferredServers } from './preferredServers.js';
import type { ServerFilter } from './serverFilter.js';
import { Countdowns } from './countdowns.js';
import { createRow } from '../display/rows.js';
import { fullTitle } from '../../core/server/definition.js';
import { serverTooltip } from './serverTooltip.js';
import { reorderedParents, rowOrder, type RowOrder } from './rowOrder.js';
import { expandedItem, folderItem, groupItem, hiddenItem, serverItem } from './treeItems.js';
import type { Timer, Translator } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';

/** Element of a row. Servers are looked up by id, so that an old element stays valid after a change. */
export type TreeElement =
  | { readonly kind: 'folder'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'server'; readonly id: ServerId };

/** Delay in milliseconds before the first change is drawn, together with all changes until then. */
const frameMs = 16;

/**
 * Minimum time between two refreshes, in milliseconds. The editor waits until there was none for 200 ms, except for the
 * first, so refreshes in quicker succession would not be drawn until the last of them.
 */
const minIntervalMs = 250;

export interface ServerTreeDeps {
  readonly registry: Registry;
  readonly l10n: Translator;
  readonly timer: Timer;
  readonly moment: () => ViewMoment;
  readonly hidden: HiddenServers;
  readonly preferred: PreferredServers;
  readonly filter: ServerFilter;
  /** Called when the view is shown; the tree waits for the result. */
  readonly whenScanned: () => Promise<void>;
}

/**
 * Tree data provider for the registry's snapshot: workspace folder (if there are several), group or package folder,
 * server.
 */
export class ServerTree implements TreeDataProvider<TreeElement>, Disposable {
  readonly #changed = new EventEmitter<TreeElement | TreeElement[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #elements = new Map<string, TreeElement>();
  readonly #unsubscribe: () => void;
  readonly #listChanges: readonly Disposable[];
  #drawn: Records;
  #drawnRows: RowOrder<TreeElement>;
  #indexed: { readonly servers: Records; readonly index: GroupIndex } | undefined;
  readonly #redraw: Debouncer;
  readonly #countdowns: Countdowns;
  /** The rows of folders and groups that the editor got last, to detect changes. */
  readonly #drawnParents = new Map<TreeElement, string>();
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly deps: ServerTreeDeps) {
    this.#drawn = this.#shown();
    this.#drawnRows = this.#rowOrder();
    this.#redraw = new Debouncer(deps.timer, () => this.#draw());
    this.#countdowns = new Countdowns(deps.timer, () => this.#draw());
    const scheduleRedraw = (): void => {
      const waitMs = this.#drawnAt + minIntervalMs - deps.moment().tick;
      this.#redraw.schedule(Math.max(frameMs, waitMs));
    };
    this.#unsubscribe = deps.registry.onDidChange(scheduleRedraw);
    const { hidden, filter, preferred } = deps;
    this.#listChanges = [
      ...[hidden, filter].map((list) => list.onDidChange(scheduleRedraw)),
      preferred.onDidChange(() => {
        this.#indexed = undefined;
        scheduleRedraw();
      }),
    ];
  }

  async getChildren(element?: TreeElement): Promise<TreeElement[]> {
    if (!element) await this.deps.whenScanned();
    return this.#children(element);
  }

  #children(element?: TreeElement): TreeElement[] {
    const { groups, folders } = this.#index();
    switch (element?.kind) {
      case undefined:
        return folders.length > 1
          ? folders.map((folder) => this.#element('folder', folder))
          : groups.flatMap((group) => this.#rowsOf(group));
      case 'folder':
        return groups.filter(({ folder }) => folder === element.id).flatMap((group) => this.#rowsOf(group));
      case 'group':
        return this.#serverRows(this.#index().find(element.id));
      case 'server':
        return [];
    }
  }

  getParent(element: TreeElement): TreeElement | undefined {
    if (element.kind === 'folder') return undefined;
    const index = this.#index();
    const group = element.kind === 'group' ? index.find(element.id) : index.groupOfServer(element.id);
    if (!group) return undefined;
    if (element.kind === 'server' && index.hasRow(group)) return this.#element('group', group.id);
    return index.folders.length > 1 ? this.#element('folder', group.folder) : undefined;
  }

  getTreeItem(element: TreeElement): TreeItem {
    const { registry, hidden, preferred, l10n } = this.deps;
    if (element.kind !== 'server') {
      const item = this.#parentItem(element);
      this.#drawnParents.set(element, JSON.stringify(item));
      return item;
    }
    const record = registry.find(element.id);
    if (!record) return createRow({ label: '' });
    const item = serverItem(record, this.#view(record), preferred.isPinned(record.definition));
    return hidden.isHidden(record.definition) ? hiddenItem(item, l10n) : item;
  }

  #parentItem({ kind, id }: TreeElement): TreeItem {
    const { registry, filter, l10n } = this.deps;
    if (kind === 'folder') {
      const inFolder = registry.current.servers.filter(({ definition }) => definition.folder === id);
      const states = inFolder.map(({ state }) => state);
      return folderItem(id, folderView(id, states, l10n));
    }
    const index = this.#index();
    const group = index.find(id);
    if (!group) return createRow({ label: '' });
    const item = groupItem(group, groupView(group, l10n));
    return expandedItem(item, index.expansion(group), filter.words !== '');
  }

  /** Adds the tooltip on hover, so that its uptime is current. */
  resolveTreeItem(item: TreeItem, element: TreeElement): TreeItem {
    const record = element.kind === 'server' ? this.deps.registry.find(element.id) : undefined;
    this.#countdowns.holdFor(element.id, this.deps.moment());
    if (record)
      item.tooltip = serverTooltip(fullTitle(record.definition), this.#view(record), this.deps.l10n);
    return item;
  }

  dispose(): void {
    this.#redraw.cancel();
    this.#countdowns.dispose();
    this.#unsubscribe();
    for (const change of this.#listChanges) change.dispose();
    this.#changed.dispose();
  }

  #rowsOf(group: ServerGroup): TreeElement[] {
    return this.#index().hasRow(group) ? [this.#element('group', group.id)] : this.#serverRows(group);
  }

  #serverRows(group: ServerGroup | undefined): TreeElement[] {
    return (group?.servers ?? []).map(({ definition }) => this.#element('server', definition.id));
  }

  /** Returns the index of the servers listed now. */
  #index(): GroupIndex {
    const servers = this.#shown();
    if (this.#indexed?.servers !== servers)
      this.#indexed = { servers, index: new GroupIndex(servers, this.deps.preferred) };
    return this.#indexed.index;
  }

  #view(record: ServerRecord): ServerView {
    const { moment, l10n, registry } = this.deps;
    return serverView(record, moment(), l10n, {
      ...rowLabel(record.definition, this.#index()),
      titleOf: titlesOf(registry.current.servers),
    });
  }

  /** Returns the same object for the same row, since the editor identifies rows by object. */
  #element(kind: TreeElement['kind'], id: string): TreeElement {
    const key = `${kind}:${id}`;
    const element = this.#elements.get(key) ?? { kind, id };
    this.#elements.set(key, element);
    return element;
  }

  #shown(): Records {
    const { hidden, filter, registry } = this.deps;
    return filter.shown(hidden.shown(registry.current.servers));
  }

  #draw(): void {
    this.#drawnAt = this.deps.moment().tick;
    const drawn = this.#drawn;
    this.#drawn = this.#shown();
    const rowsBefore = this.#drawnRows;
    this.#drawnRows = this.#rowOrder();
    const reordered = reorderedParents(rowsBefore, this.#drawnRows);
    if (!reordered) {
      this.#drawnParents.clear();
      this.#changed.fire(undefined);
      return;
    }
    for (const parent of this.#drawnParents.keys())
      if (!this.#drawnRows.has(parent)) this.#drawnParents.delete(parent);
    const old = new Set(drawn);
    const counting = this.#countdowns.due(this.#drawn, this.deps.moment());
    const changed = this.#drawn.filter((record) => !old.has(record) || counting.has(record));
    const rows = changed.map(({ definition }) => this.#element('server', definition.id));
    const refreshed = [...new Set([...rows, ...this.#changedParents(), ...reordered])];
    if (refreshed.length > 0) this.#changed.fire(refreshed);
  }

  #rowOrder(): RowOrder<TreeElement> {
    const index = this.#index();
    const { words } = this.deps.filter;
    const idOf = ({ kind, id }: TreeElement): string => {
      const group = kind === 'group' ? index.find(id) : undefined;
      // When the extension opens or folds a group, its row gets another id.
      return [kind, id, ...(group ? [index.expansion(group), words] : [])].join('\0');
    };
    return rowOrder((parent) => this.#children(parent), idOf);
  }

  /**
   * Returns the rows of folders and groups that look different now. While the editor refreshes such a row it forgets
   * the rows below it, and a click on one of these reaches the command without its server. If they are refreshed
   * together with their servers, a server shows its new state only when the editor knows its row again, so no click on
   * it is lost.
   */
  #changedParents(): TreeElement[] {
    return [...this.#drawnParents]
      .filter(([element, drawn]) => JSON.stringify(this.#parentItem(element)) !== drawn)
      .map(([element]) => element);
  }
}

type Records = readonly ServerRecord[];
