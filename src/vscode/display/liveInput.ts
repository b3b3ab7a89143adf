import { window } from 'vscode';
import { plainText } from '../../core/plainText.js';

export interface LiveInput {
  readonly title: string;
  readonly placeHolder: string;
  readonly value: string;
  /** Called with the current input, and with the initial value again if the user cancels. */
  readonly onChange: (value: string) => void;
}

/** Shows an input field whose text takes effect while the user types. Resolves when it is closed. */
export function showLiveInput({ title, placeHolder, value, onChange }: LiveInput): Promise<void> {
  const input = window.createInputBox();
  input.title = plainText(title);
  input.placeholder = plainText(placeHolder);
  input.value = value;
  let isAccepted = false;
  input.onDidChangeValue(onChange);
  return new Promise((resolve) => {
    input.onDidAccept(() => {
      isAccepted = true;
      input.hide();
    });
    input.onDidHide(() => {
      if (!isAccepted) onChange(value);
      input.dispose();
      resolve();
    });
    input.show();
  });
}
