import { EventEmitter, type TreeDataProvider, type TreeItem } from 'vscode';
import { createRow } from '../vscode/display/rows.js';
import type { ServerTree, TreeElement } from '../vscode/tree/serverTree.js';

/** Tree data provider that is registered at activation. The real tree is created when the view is opened. */
export class LazyTree implements TreeDataProvider<TreeElement> {
  readonly #changed = new EventEmitter<TreeElement | TreeElement[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #tree: ServerTree | undefined;

  constructor(private readonly load: () => Promise<ServerTree>) {}

  async getChildren(element?: TreeElement): Promise<TreeElement[]> {
    const tree = await this.load();
    if (!this.#tree) tree.onDidChangeTreeData((changed) => this.#changed.fire(changed));
    this.#tree = tree;
    return tree.getChildren(element);
  }

  getParent(element: TreeElement): TreeElement | undefined {
    return this.#tree?.getParent(element);
  }

  getTreeItem(element: TreeElement): TreeItem {
    return this.#tree?.getTreeItem(element) ?? createRow({ label: '' });
  }

  resolveTreeItem(item: TreeItem, element: TreeElement): TreeItem {
    return this.#tree?.resolveTreeItem(item, element) ?? item;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
