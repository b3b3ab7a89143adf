import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { showLiveInput } from '../display/liveInput.js';
import { setShowsAllScripts } from '../settings.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import type { PreferredServers } from '../tree/preferredServers.js';
import type { ServerFilter } from '../tree/serverFilter.js';
import type { CommandId, CommandTarget } from './commandIds.js';

export interface ListCommandDeps {
  readonly hidden: HiddenServers;
  readonly preferred: PreferredServers;
  readonly filter: ServerFilter;
  readonly l10n: Translator;
}

type ChooseServer = (
  target: CommandTarget,
  matches: (record: ServerRecord) => boolean,
  placeHolder: string,
) => Promise<ServerRecord | undefined>;

type ListCommand = Extract<
  CommandId,
  `devServers.${'hide' | 'unhide' | 'showHidden' | 'concealHidden' | 'pin' | 'unpin' | 'filter' | 'clearFilter' | 'showAllScripts' | 'showMainScripts'}`
>;

/** Creates the handlers of the commands that change what the view lists, and in which order. */
export function listCommands(
  { hidden, preferred, filter, l10n }: ListCommandDeps,
  chooseServer: ChooseServer,
): Record<ListCommand, (target: CommandTarget) => Promise<unknown>> {
  const isHidden = ({ definition }: ServerRecord): boolean => hidden.isHidden(definition);
  const isPinned = ({ definition }: ServerRecord): boolean => preferred.isPinned(definition);
  const isListed = (record: ServerRecord): boolean => !isHidden(record);
  const isUnpinned = (record: ServerRecord): boolean => isListed(record) && !isPinned(record);
  return {
    'devServers.hide': async (target) => {
      const record = await chooseServer(target, isListed, l10n.t('Select a server to hide'));
      if (record) await hidden.setHidden(record.definition, true);
    },
    'devServers.unhide': async (target) => {
      const record = await chooseServer(target, isHidden, l10n.t('Select a hidden server to show'));
      if (record) await hidden.setHidden(record.definition, false);
    },
    'devServers.showHidden': () => Promise.resolve((hidden.showsHidden = true)),
    'devServers.concealHidden': () => Promise.resolve((hidden.showsHidden = false)),
    'devServers.pin': async (target) => {
      const record = await chooseServer(target, isUnpinned, l10n.t('Select a server to pin'));
      if (record) await preferred.setPinned(record.definition, true);
    },
    'devServers.unpin': async (target) => {
      const record = await chooseServer(target, isPinned, l10n.t('Select a server to unpin'));
      if (record) await preferred.setPinned(record.definition, false);
    },
    'devServers.filter': () =>
      showLiveInput({
        title: l10n.t('Filter Dev Servers'),
        placeHolder: l10n.t('Words of a folder, name or port'),
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
