import { commands, window, type Disposable } from 'vscode';
import type { Translator } from '../core/ports.js';
import type { Registry, Snapshot } from '../core/registry.js';
import { isActive, isStoppable } from '../core/serverState.js';
import type { ServerTree } from './serverTree.js';

/** The view around the tree: the number on its icon, and what its toolbar depends on. */
export function createTreeView(tree: ServerTree, registry: Registry, l10n: Translator): Disposable {
  const view = window.createTreeView('devServers.servers', { treeDataProvider: tree, showCollapseAll: true });
  let drawn = '';
  const draw = ({ servers }: Snapshot): void => {
    const active = servers.filter(({ state }) => isActive(state)).length;
    const stoppable = servers.some(({ state }) => isStoppable(state));
    if (drawn === `${active} ${stoppable}`) return;
    drawn = `${active} ${stoppable}`;
    view.badge =
      active === 0 ? undefined : { value: active, tooltip: l10n.t('{0} dev servers running', active) };
    void commands.executeCommand('setContext', 'devServers.running', stoppable);
  };
  draw(registry.current);
  const unsubscribe = registry.onDidChange(draw);
  return {
    dispose: () => {
      unsubscribe();
      view.dispose();
    },
  };
}
