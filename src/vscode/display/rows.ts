import { TreeItem, TreeItemCollapsibleState, type TreeView } from 'vscode';
import { plainText } from '../../core/plainText.js';

/** Longest label or description, in UTF-16 units; a row is far narrower. */
const maxLength = 300;

export interface RowText {
  readonly label: string;
  readonly description?: string;
  /** Text for screen readers instead of label and description. */
  readonly spoken?: string;
}

/** Creates the row of a tree. Its texts are plain: they contain names and output of the workspace. */
export function createRow({ label, description, spoken }: RowText, isParent = false): TreeItem {
  const { Expanded, None } = TreeItemCollapsibleState;
  const item = new TreeItem(plainText(label, maxLength), isParent ? Expanded : None);
  if (description !== undefined) item.description = plainText(description, maxLength);
  if (spoken !== undefined) item.accessibilityInformation = { label: plainText(spoken) };
  return item;
}

/** Shows a text above the rows of a tree, or none. */
export function showViewMessage(view: Pick<TreeView<unknown>, 'message'>, text: string | undefined): void {
  view.message = text === undefined ? '' : plainText(text, maxLength);
}
