import { EventEmitter, TreeItem, type Disposable, type TreeDataProvider } from 'vscode';
import { GroupIndex } from '../../core/views/groupIndex.js';
import { groupView } from '../../core/views/groupView.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverView, type ServerView, type ViewMoment } from '../../core/views/serverView.js';
import { groupServers, type ServerGroup } from '../../core/views/groups.js';
import type { HiddenServers } from './hiddenServers.js';
import { serverTooltip } from './serverTooltip.js';
import { folderItem, groupItem, hiddenItem, serverItem } from './treeItems.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';

/** What a row stands for. Rows are found by id, so that an old one still works after its server has changed. */
export type TreeElement =
  | { readonly kind: 'folder'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'server'; readonly id: ServerId };

/** The first change is drawn after so many milliseconds, with what else has changed by then. */
const frameMs = 16;

/** Between two refreshes at least, milliseconds. */
const restMs = 100;

export interface ServerTreeDeps {
  readonly registry: Registry;
  readonly l10n: Translator;
  readonly moment: () => ViewMoment;
  readonly hidden: HiddenServers;
  /** Called when somebody looks at the tree. */
  readonly whenScanned: () => Promise<void>;
}

/** The registry's snapshot as a tree: workspace folder (if there are several), group or package folder, server. */
export class ServerTree implements TreeDataProvider<TreeElement>, Disposable {
  readonly #changed = new EventEmitter<TreeElement | TreeElement[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #elements = new Map<string, TreeElement>();
  readonly #unsubscribe: () => void;
  readonly #hiddenChange: Disposable;
  #drawn: Drawn;
  #indexed: { readonly servers: Drawn; readonly index: GroupIndex } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly deps: ServerTreeDeps) {
    this.#drawn = this.#shown();
    const soon = (): void => {
      const rest = this.#drawnAt + restMs - performance.now();
      this.#timer ??= setTimeout(() => this.#draw(), Math.max(frameMs, rest));
    };
    this.#unsubscribe = deps.registry.onDidChange(soon);
    this.#hiddenChange = deps.hidden.onDidChange(soon);
  }

  async getChildren(element?: TreeElement): Promise<TreeElement[]> {
    if (!element) await this.deps.whenScanned();
    const { groups, folders } = this.#index();
    switch (element?.kind) {
      case undefined:
        return folders.length > 1
          ? folders.map((folder) => this.#element('folder', folder))
          : groups.map(({ id }) => this.#element('group', id));
      case 'folder':
        return groups.filter(({ folder }) => folder === element.id).flatMap((group) => this.#inFolder(group));
      case 'group':
        return this.#serversOf(this.#index().find(element.id));
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
    const { registry, l10n } = this.deps;
    if (element.kind === 'folder') return folderItem(element.id, registry.current.servers);
    if (element.kind === 'group') {
      const group = this.#index().find(element.id);
      return group ? groupItem(group, groupView(group, l10n)) : new TreeItem('');
    }
    const record = registry.find(element.id);
    if (!record) return new TreeItem('');
    const item = serverItem(record, this.#view(record));
    return this.deps.hidden.isHidden(record.definition) ? hiddenItem(item, l10n) : item;
  }

  /** The tooltip, made when it is looked at, since the uptime in it is of that moment. */
  resolveTreeItem(item: TreeItem, element: TreeElement): TreeItem {
    const record = element.kind === 'server' ? this.deps.registry.find(element.id) : undefined;
    if (record) item.tooltip = serverTooltip(this.#view(record), this.deps.l10n);
    return item;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#hiddenChange.dispose();
    this.#changed.dispose();
  }

  #inFolder(group: ServerGroup): TreeElement[] {
    return this.#index().hasRow(group) ? [this.#element('group', group.id)] : this.#serversOf(group);
  }

  #serversOf(group: ServerGroup | undefined): TreeElement[] {
    return (group?.servers ?? []).map(({ definition }) => this.#element('server', definition.id));
  }

  /** Of what is listed at this moment. */
  #index(): GroupIndex {
    const servers = this.#shown();
    if (this.#indexed?.servers !== servers) this.#indexed = { servers, index: new GroupIndex(servers) };
    return this.#indexed.index;
  }

  #view(record: ServerRecord): ServerView {
    return serverView(record, this.deps.moment(), this.deps.l10n);
  }

  /** The same object for the same row, as the editor finds rows by it. */
  #element(kind: TreeElement['kind'], id: string): TreeElement {
    const key = `${kind}:${id}`;
    const element = this.#elements.get(key) ?? { kind, id };
    this.#elements.set(key, element);
    return element;
  }

  #shown(): Drawn {
    return this.deps.hidden.shown(this.deps.registry.current.servers);
  }

  #draw(): void {
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    const drawn = this.#drawn;
    this.#drawn = this.#shown();
    const before = groupServers(drawn);
    const after = this.#index().groups;
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
    const groups = after.filter(({ servers }, index) => !isSame(servers, before[index]?.servers ?? []));
    const folders = this.#index().folders.length > 1 ? groups.map(({ folder }) => folder) : [];
    const changed = groups.flatMap(({ servers }) => servers.filter((record) => !old.has(record)));
    return [
      ...[...new Set(folders)].map((folder) => this.#element('folder', folder)),
      ...groups.map(({ id }) => this.#element('group', id)),
      ...changed.map(({ definition }) => this.#element('server', definition.id)),
    ];
  }
}

type Drawn = readonly ServerRecord[];

/** Which groups there are, and in which order. */
function headings(groups: readonly ServerGroup[]): string {
  return groups.map(({ folder, id }) => `${folder}\0${id}`).join('\n');
}

function isSame(one: Drawn, other: Drawn): boolean {
  return one.length === other.length && one.every((record, index) => record === other[index]);
}
