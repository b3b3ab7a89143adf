import type { ServerRecord } from '../../core/registry/snapshot.js';
import { showLiveInput } from '../display/liveInput.js';
import { setShowsAllScripts } from '../settings.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import type { PreferredServers } from '../tree/preferredServers.js';
import type { ServerFilter } from '../tree/serverFilter.js';
import { chooseServer, selectedServers, type ChooseDeps } from './chooseServer.js';
import type { CommandHandlers } from './commandIds.js';

export interface ListHandlerDeps extends ChooseDeps {
  readonly hidden: HiddenServers;
  readonly preferred: PreferredServers;
  readonly filter: ServerFilter;
}

type ListCommand =
  `devServers.${'hide' | 'unhide' | 'showHidden' | 'concealHidden' | 'pin' | 'unpin' | 'filter' | 'clearFilter' | 'showAllScripts' | 'showMainScripts'}`;

/** Creates the handlers of the commands that change which servers the view lists, and in which order. */
export function createListHandlers(deps: ListHandlerDeps): CommandHandlers<ListCommand> {
  const { registry, hidden, preferred, filter, l10n } = deps;
  const isHidden = ({ definition }: ServerRecord): boolean => hidden.isHidden(definition);
  const isPinned = ({ definition }: ServerRecord): boolean => preferred.isPinned(definition);
  const isListed = (record: ServerRecord): boolean => !isHidden(record);
  const isUnpinned = (record: ServerRecord): boolean => isListed(record) && !isPinned(record);
  return {
    'devServers.hide': async (target, selected) => {
      const several = selectedServers(registry, selected, isListed);
      const record = several
        ? undefined
        : await chooseServer(deps, target, isListed, l10n.t('Select a server to hide'));
      for (const { definition } of several ?? (record ? [record] : []))
        await hidden.setHidden(definition, true);
    },
    'devServers.unhide': async (target) => {
      const record = await chooseServer(deps, target, isHidden, l10n.t('Select a hidden server to show'));
      if (record) await hidden.setHidden(record.definition, false);
    },
    'devServers.showHidden': () => Promise.resolve((hidden.showsHidden = true)),
    'devServers.concealHidden': () => Promise.resolve((hidden.showsHidden = false)),
    'devServers.pin': async (target) => {
      const record = await chooseServer(deps, target, isUnpinned, l10n.t('Select a server to pin'));
      if (record) await preferred.setPinned(record.definition, true);
    },
    'devServers.unpin': async (target) => {
      const record = await chooseServer(deps, target, isPinned, l10n.t('Select a server to unpin'));
      if (record) await preferred.setPinned(record.definition, false);
    },
    'devServers.filter': () =>
      showLiveInput({
        title: l10n.t('Filter Dev Servers'),
        placeHolder: l10n.t('Folder, name or port'),
        value: filter.words,
        onChange: (words) => {
          filter.words = words;
        },
      }),
    'devServers.clearFilter': () => Promise.resolve((filter.words = '')),
    'devServers.showAllScripts': () => setShowsAllScripts(true),
    'devServers.showMainScripts': () => setShowsAllScripts(false),
  };
}
