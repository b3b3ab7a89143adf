import { StatusBarAlignment, ThemeColor, window, workspace, type Disposable } from 'vscode';
import type { Translator } from '../core/ports.js';
import type { Registry, Snapshot } from '../core/registry.js';
import { statusView } from '../core/workspaceView.js';

/** Shows how things stand; a click opens the menu. Hidden in a window without a folder. */
export function createStatusBar(registry: Registry, menuCommand: string, l10n: Translator): Disposable {
  const item = window.createStatusBarItem('devServers.status', StatusBarAlignment.Left, 10);
  item.name = l10n.t('Dev Servers');
  item.command = menuCommand;
  const draw = (snapshot: Snapshot): void => {
    const view = statusView(snapshot, l10n);
    item.text = view.text;
    item.tooltip = view.tooltip;
    item.accessibilityInformation = { label: view.spoken, role: 'button' };
    item.backgroundColor =
      view.severity === 'none' ? undefined : new ThemeColor(`statusBarItem.${view.severity}Background`);
    if (workspace.workspaceFolders?.length) item.show();
    else item.hide();
  };
  draw(registry.current);
  const unsubscribe = registry.onDidChange(draw);
  const folders = workspace.onDidChangeWorkspaceFolders(() => draw(registry.current));
  return {
    dispose: () => {
      unsubscribe();
      folders.dispose();
      item.dispose();
    },
  };
}
