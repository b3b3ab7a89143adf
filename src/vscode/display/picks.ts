// The only calls of the editor that show lists to choose from and input fields. Their items are plain text: the editor
// would show `$(error)` in them as an icon, and `[text](command:id)` in a prompt as a link.
import {
  QuickPickItemKind,
  window,
  workspace,
  type QuickPick,
  type QuickPickItem,
  type WorkspaceFolder,
} from 'vscode';
import { plainText } from '../../core/plainText.js';

/** A row of a list, or the title of the rows below it. */
export interface PickItem {
  readonly kind?: 'item' | 'separator';
  /** Id of a product icon. */
  readonly icon?: string;
  readonly label: string;
  readonly description?: string;
}

/** Maximum length of a label or description, in UTF-16 units; a longer one could not be read in a list. */
const maxLength = 300;

/** Lets the user choose one of the items. Resolves with `undefined` when the user cancels. */
export async function pickItem<Item extends PickItem>(
  items: readonly Item[],
  placeHolder: string,
): Promise<Item | undefined> {
  const shown = items.map(quickPickItem);
  const chosen = await window.showQuickPick(shown, { placeHolder: plainText(placeHolder) });
  return chosen && items[shown.indexOf(chosen)];
}

/** Returns the only workspace folder, or lets the user choose one of several. */
export async function pickWorkspaceFolder(placeHolder: string): Promise<WorkspaceFolder | undefined> {
  const [only, ...others] = workspace.workspaceFolders ?? [];
  return others.length === 0 ? only : window.showWorkspaceFolderPick({ placeHolder: plainText(placeHolder) });
}

/** A question for a text. */
export interface TextQuestion {
  readonly title: string;
  /** Describes the input; shown below the field. */
  readonly prompt: string;
  /** An example, shown while the field is empty. */
  readonly example?: string;
  /** The text to begin with. */
  readonly value?: string;
  /** Returns why a text cannot be used. */
  readonly problemOf: (text: string) => string | undefined;
}

/** Asks for a text; `undefined` when the user cancels. */
export async function askText(question: TextQuestion): Promise<string | undefined> {
  const { title, prompt, example = '', value = '', problemOf } = question;
  const validateInput = (text: string): string | undefined => {
    const problem = problemOf(text);
    return problem === undefined ? undefined : plainText(problem);
  };
  return window.showInputBox({
    title: plainText(title),
    prompt: plainText(prompt),
    placeHolder: plainText(example),
    value,
    ignoreFocusOut: true,
    validateInput,
  });
}

/** A list that is filled while it is shown. */
export class GrowingPick<Item extends PickItem> {
  readonly #pick: QuickPick<QuickPickItem>;
  #items: readonly Item[] = [];

  constructor(title: string, placeHolder: string) {
    this.#pick = window.createQuickPick();
    this.#pick.title = plainText(title);
    this.#pick.placeholder = plainText(placeHolder);
  }

  /** Shows the list. Resolves with the chosen item; with `undefined` when the list is hidden. */
  show(): Promise<Item | undefined> {
    return new Promise((resolve) => {
      this.#pick.onDidAccept(() => {
        const [chosen] = this.#pick.selectedItems;
        resolve(chosen && this.#items[this.#pick.items.indexOf(chosen)]);
      });
      this.#pick.onDidHide(() => resolve(undefined));
      this.#pick.show();
    });
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  set busy(busy: boolean) {
    this.#pick.busy = busy;
  }

  set placeHolder(text: string) {
    this.#pick.placeholder = plainText(text);
  }

  add(items: readonly Item[]): void {
    this.#items = [...this.#items, ...items];
    this.#pick.items = [...this.#pick.items, ...items.map(quickPickItem)];
  }

  dispose(): void {
    this.#pick.dispose();
  }
}

/** Returns an item for the editor, as plain text. */
export function quickPickItem({ kind, icon, label, description }: PickItem): QuickPickItem {
  const text = plainText(label, maxLength);
  if (kind === 'separator') return { label: text, kind: QuickPickItemKind.Separator };
  return {
    label: icon === undefined ? text : `$(${icon}) ${text}`,
    ...(description !== undefined && { description: plainText(description, maxLength) }),
  };
}
