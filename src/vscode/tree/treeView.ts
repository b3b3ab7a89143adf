import { commands, type TreeView } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import { showViewMessage } from '../display/rows.js';
import type { HiddenServers } from './hiddenServers.js';
import type { ServerFilter } from './serverFilter.js';
import type { TreeElement } from './serverTree.js';
import type { Translator } from '../../core/common.js';
import type { Snapshot } from '../../core/registry/snapshot.js';
import { isIdle, isStoppable } from '../../core/server/stateQueries.js';

export interface TreeViewDeps {
  readonly registry: Registry;
  readonly hidden: HiddenServers;
  readonly filter: ServerFilter;
  readonly l10n: Translator;
}

/** Updates the badge of the view, the message of its filter, and the context keys of its toolbar. */
export function createTreeView(
  view: TreeView<TreeElement>,
  { registry, hidden, filter, l10n }: TreeViewDeps,
): { dispose(): void } {
  let drawn = '';
  const draw = ({ servers }: Snapshot): void => {
    // A server that waits for its dependencies counts, so that the badge does not drop while a group starts.
    const active = servers.filter(({ state }) => !isIdle(state)).length;
    // Stop All also clears the rows of crashed servers.
    const stoppable = servers.some(({ state }) => isStoppable(state) || state.kind === 'crashed');
    if (drawn === `${active} ${stoppable}`) return;
    drawn = `${active} ${stoppable}`;
    view.badge =
      active === 0 ? undefined : { value: active, tooltip: l10n.t('{0} dev servers running', active) };
    void commands.executeCommand('setContext', 'devServers.running', stoppable);
  };
  const drawFilter = (): void => {
    const all = hidden.shown(registry.current.servers);
    const text = l10n.t('Filter: {0} ({1} of {2})', filter.words, filter.shown(all).length, all.length);
    showViewMessage(view, filter.words === '' ? undefined : text);
  };
  draw(registry.current);
  const stop = registry.onDidChange((snapshot) => {
    draw(snapshot);
    if (filter.words !== '') drawFilter();
  });
  const filterChange = filter.onDidChange(drawFilter);
  return {
    dispose: () => {
      stop();
      filterChange.dispose();
    },
  };
}
