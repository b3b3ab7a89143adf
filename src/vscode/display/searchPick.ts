import { window, type QuickPickItem } from 'vscode';
import { plainText } from '../../core/plainText.js';
import { matchesWords } from '../../core/views/serverSearch.js';
import { quickPickItem, type PickItem } from './picks.js';

/** A row that is found by its text or its label. */
export interface SearchItem extends PickItem {
  readonly searchText?: string;
}

interface ShownItem<Item> extends QuickPickItem {
  readonly item: Item;
}

/**
 * Lets the user choose one of the items. The user's input matches an item that contains all of its words, in any order.
 * The editor itself matches only contiguous text: it would not find `auth 30` in `apps/auth: dev` on port 3000.
 */
export function pickBySearch<Item extends SearchItem>(
  items: readonly Item[],
  placeHolder: string,
): Promise<Item | undefined> {
  const pick = window.createQuickPick<ShownItem<Item>>();
  pick.placeholder = plainText(placeHolder);
  pick.items = shownItems(items, '');
  pick.onDidChangeValue((value) => {
    pick.items = shownItems(items, value.trim());
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen) resolve(chosen.item);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** Returns the items that match; separators only while all items are shown. */
function shownItems<Item extends SearchItem>(items: readonly Item[], query: string): ShownItem<Item>[] {
  const matching =
    query === ''
      ? items
      : items.filter(
          ({ kind, label, searchText = '' }) =>
            kind !== 'separator' && matchesWords(`${label} ${searchText}`, query),
        );
  // The items are filtered already.
  return matching.map((item) => Object.assign(quickPickItem(item), { item, alwaysShow: true }));
}
