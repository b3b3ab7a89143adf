// The only calls of the editor that show a message. A message contains names, commands and output of the workspace, so
// all of it is plain text: the editor would show `[text](command:id)` as a link that runs a command.
import { window, type Disposable, type MessageItem } from 'vscode';
import { plainText } from '../../core/plainText.js';

/** Time that a text stays in the status bar, milliseconds. */
const statusTimeMs = 5000;

/** Shows a notification. Resolves with the text of the pressed button, `undefined` when it was closed. */
export function showInformation(message: string, ...buttons: string[]): Promise<string | undefined> {
  return show(window.showInformationMessage, message, buttons);
}

/** Like `showInformation`, as a warning. */
export function showWarning(message: string, ...buttons: string[]): Promise<string | undefined> {
  return show(window.showWarningMessage, message, buttons);
}

/** Like `showInformation`, as an error. */
export function showError(message: string, ...buttons: string[]): Promise<string | undefined> {
  return show(window.showErrorMessage, message, buttons);
}

/** Shows a text in the status bar for a few seconds, or until it is disposed of. */
export function showStatus(text: string): Disposable {
  return window.setStatusBarMessage(plainText(text), statusTimeMs);
}

/** Asks in a modal dialog with one button and Cancel. `detail` is shown line by line. Resolves with whether it was pressed. */
export async function askModally(text: string, detail: readonly string[], button: string): Promise<boolean> {
  return (await chooseModally(text, detail, button)) !== undefined;
}

/** As `askModally`, with several buttons. Resolves with the text of the pressed one. */
export async function chooseModally(
  text: string,
  detail: readonly string[],
  ...buttons: string[]
): Promise<string | undefined> {
  const lines = detail.map((line) => plainText(line)).join('\n');
  const items: MessageItem[] = buttons.map((button) => ({ title: plainText(button) }));
  const options = { modal: true, detail: lines };
  const chosen = await window.showWarningMessage(plainText(text), options, ...items);
  return chosen && buttons[items.indexOf(chosen)];
}

type ShowMessage = (message: string, ...buttons: string[]) => Thenable<string | undefined>;

async function show(
  showMessage: ShowMessage,
  message: string,
  buttons: readonly string[],
): Promise<string | undefined> {
  const titles = buttons.map((button) => plainText(button));
  const chosen = await showMessage(plainText(message), ...titles);
  return chosen === undefined ? undefined : buttons[titles.indexOf(chosen)];
}
