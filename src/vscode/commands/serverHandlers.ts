import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';
import type { ServerState } from '../../core/server/state.js';
import { browserUrl, isIdle, isStoppable, isUp } from '../../core/server/stateQueries.js';
import { notifyingFailure } from '../notifications/operationNotifications.js';
import { notifyStopResults } from '../notifications/stopNotifications.js';
import { showsTerminalOnStart } from '../settings.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';
import type { PreferredServers } from '../tree/preferredServers.js';
import { chooseServer, chooseShown, isShown, selectedServers } from './chooseServer.js';
import type { CommandHandlers, CommandTarget } from './commandIds.js';
import { startAll, startGroup, stopGroup, type GroupCommandDeps } from './groupCommands.js';
import type { RowClicks } from './rowClicks.js';
import { dismiss } from './rowCommands.js';
import { runLast, startAndOpen, startWith, type StartCommandDeps } from './startCommands.js';
import { startForUser } from './userStart.js';

export interface ServerHandlerDeps extends GroupCommandDeps, Omit<StartCommandDeps, 'startAndShow'> {
  readonly lifecycle: Pick<Lifecycle, 'stop'>;
  readonly preferred: PreferredServers;
  readonly terminals: ServerTerminals;
  readonly clicks: Pick<RowClicks, 'noteStart' | 'isImpatient'>;
}

type ServerCommand =
  `devServers.${'start' | 'startAndOpen' | 'startWith' | 'runLast' | 'stop' | 'restart' | 'startAll' | 'startPackage' | 'startGroup' | 'stopGroup' | 'stopAll'}`;

/** Creates the handlers of the commands that start and stop servers. */
export function createServerHandlers(deps: ServerHandlerDeps): CommandHandlers<ServerCommand> {
  const { registry, lifecycle, l10n } = deps;
  const starting: StartCommandDeps = { ...deps, startAndShow: (record) => startAndShow(deps, record) };
  const choose = (
    target: CommandTarget,
    matches: (state: ServerState) => boolean,
    placeHolder: string,
  ): Promise<ServerRecord | undefined> => chooseShown(deps, target, matches, placeHolder);
  return {
    'devServers.start': async (target, selected) => {
      const several = selectedServers(registry, selected, ({ state }) => isIdle(state));
      if (several) {
        await startForUser(idsOf(several), deps);
        return;
      }
      const record = await choose(target, isIdle, l10n.t('Select a server to start'));
      if (!record) return;
      if (typeof target === 'object') deps.clicks.noteStart([record.definition.id]);
      await startAndShow(deps, record);
    },
    'devServers.startAndOpen': async (target) => {
      const record = await choose(target, canOpen, l10n.t('Select a server to start and open'));
      if (record) await startAndOpen(record, starting);
    },
    'devServers.startWith': async (target) => {
      const hasWays = (record: ServerRecord): boolean =>
        record.definition.alternatives !== undefined && isIdle(record.state) && isShown(record, deps);
      const record = await chooseServer(deps, target, hasWays, l10n.t('Select a server to start'));
      if (record) await startWith(record, starting);
    },
    'devServers.runLast': () => runLast(starting),
    'devServers.stop': async (target, selected) => {
      const several = selectedServers(registry, selected, ({ state }) => isStoppable(state));
      if (several) return stopSeveral(deps, several);
      // A second click on the start button may hit the stop button that has replaced it.
      if (typeof target === 'object' && deps.clicks.isImpatient(target.id)) return;
      const record = await choose(target, isStoppable, l10n.t('Select a server to stop'));
      if (record) await notifyingFailure(() => lifecycle.stop(record.definition.id), l10n);
    },
    'devServers.restart': async (target) => {
      const record = await choose(target, isUp, l10n.t('Select a server to restart'));
      if (!record) return;
      // If the server does not run, it is started, together with its dependencies.
      if (isIdle(record.state) || record.state.kind === 'queued') await startAndShow(deps, record);
      else {
        const { starts, conflicts } = deps;
        const options = { resolveConflict: conflicts.resolve };
        await notifyingFailure(() => starts.restart(record.definition.id, options), l10n);
      }
    },
    'devServers.startAll': () => startAll(deps),
    'devServers.startPackage': (target) => startGroup(target, deps),
    'devServers.startGroup': (target) => startGroup(target, deps),
    'devServers.stopGroup': async (target) => notifyStopResults(await stopGroup(target, deps), l10n),
    'devServers.stopAll': async () => {
      notifyStopResults(await deps.stops.stopEverything(), l10n);
      await dismiss(registry.current.servers, registry);
    },
  };
}

/** Stops servers, and notifies the user of what could not be stopped. */
export async function stopSeveral(
  { stops, l10n }: GroupCommandDeps,
  records: readonly ServerRecord[],
): Promise<void> {
  notifyStopResults(await stops.stopAll(idsOf(records)), l10n);
}

/** Starts a server for the user, and shows its terminal if the settings say so. */
export async function startAndShow(deps: ServerHandlerDeps, { definition }: ServerRecord): Promise<void> {
  const [started] = await startForUser([definition.id], deps);
  if (started !== undefined && showsTerminalOnStart()) deps.terminals.show(deps.registry.get(started), true);
}

/** Returns whether a server can be started, or opened at once. */
function canOpen(state: ServerState): boolean {
  return isIdle(state) || browserUrl(state) !== undefined;
}

function idsOf(records: readonly ServerRecord[]): ServerId[] {
  return records.map(({ definition }) => definition.id);
}
