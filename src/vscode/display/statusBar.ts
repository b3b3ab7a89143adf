import { StatusBarAlignment, ThemeColor, window, workspace, type Disposable } from 'vscode';
import { statusView } from '../../core/views/groups.js';
import type { Translator } from '../../core/common.js';
import { plainText } from '../../core/plainText.js';
import type { Snapshot } from '../../core/registry/snapshot.js';

type Servers = Pick<Snapshot, 'servers'>;

/** Longest text, in UTF-16 units; a longer one would push the other items out of the status bar. */
const maxLength = 80;

/** Status bar item with the state of all servers; a click opens the menu. Hidden in a window without a folder. */
export class StatusBar implements Disposable {
  readonly #item = window.createStatusBarItem('devServers.status', StatusBarAlignment.Left, 10);
  readonly #folders = workspace.onDidChangeWorkspaceFolders(() => this.#showOrHide());

  constructor(
    menuCommand: string,
    private readonly l10n: Translator,
  ) {
    this.#item.name = l10n.t('Dev Servers');
    this.#item.command = menuCommand;
    this.draw({ servers: [] });
    this.#showOrHide();
  }

  draw(snapshot: Servers): void {
    const view = statusView(snapshot, this.l10n);
    this.#item.text = `$(${view.icon}) ${plainText(view.text, maxLength)}`;
    this.#item.tooltip = view.tooltip.map((line) => plainText(line)).join('\n');
    this.#item.accessibilityInformation = { label: plainText(view.spoken), role: 'button' };
    this.#item.backgroundColor =
      view.severity === 'none' ? undefined : new ThemeColor(`statusBarItem.${view.severity}Background`);
  }

  dispose(): void {
    this.#folders.dispose();
    this.#item.dispose();
  }

  #showOrHide(): void {
    if (workspace.workspaceFolders?.length) this.#item.show();
    else this.#item.hide();
  }
}
