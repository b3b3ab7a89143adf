import { commands, type TreeView } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import type { TreeElement } from './serverTree.js';
import type { Translator } from '../../core/common.js';
import type { Snapshot } from '../../core/registry/snapshot.js';
import { isIdle, isStoppable } from '../../core/server/stateQueries.js';

/** Updates the badge of the view and the context keys of its toolbar. */
export function createTreeView(
  view: TreeView<TreeElement>,
  registry: Registry,
  l10n: Translator,
): { dispose(): void } {
  let drawn = '';
  const draw = ({ servers }: Snapshot): void => {
    // A server that waits for another one counts, so that the badge does not drop while a group starts.
    const active = servers.filter(({ state }) => !isIdle(state)).length;
    // Stop All also clears the rows of crashed servers.
    const stoppable = servers.some(({ state }) => isStoppable(state) || state.kind === 'crashed');
    if (drawn === `${active} ${stoppable}`) return;
    drawn = `${active} ${stoppable}`;
    view.badge =
      active === 0 ? undefined : { value: active, tooltip: l10n.t('{0} dev servers running', active) };
    void commands.executeCommand('setContext', 'devServers.running', stoppable);
  };
  draw(registry.current);
  return { dispose: registry.onDidChange(draw) };
}
