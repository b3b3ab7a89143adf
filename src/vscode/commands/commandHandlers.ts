import { env } from 'vscode';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { Outcome } from '../../core/lifecycle/outcome.js';
import type { LogStore } from '../../core/logs/logStore.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { type ServerState } from '../../core/server/state.js';
import type { CommandId, CommandTarget, RunCommand } from './commandIds.js';
import { configure, openSettings, saveAsConfiguration } from './configurationCommands.js';
import type { Definitions } from '../workspace/definitions.js';
import type { DiagnosticsDocument } from '../logs/diagnosticsDocument.js';
import { notifyFailure } from '../notifications/failureNotifications.js';
import { notifyBusyPorts, notifyStopResults } from '../notifications/stopNotifications.js';
import { startAll, startGroup, stopGroup, type GroupCommandDeps } from './groupCommands.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import type { PreferredServers } from '../tree/preferredServers.js';
import type { TreeElement } from '../tree/serverTree.js';
import type { LogDocuments } from '../logs/logDocuments.js';
import { searchLogs, showPageErrors, type LogSearchDeps } from '../logs/logSearch.js';
import { showQuickActions } from './quickActions.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import { pickUrl, type PickDeps } from './serverPick.js';
import { chooseServer, selectedServers, serversOf } from './chooseServer.js';
import { dismiss } from './rowCommands.js';
import { createRowHandlers, type RowHandlerDeps } from './rowHandlers.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';
import { listCommands, type ListCommandDeps } from './listCommands.js';
import { showOtherWindowServers, type OtherWindowDeps } from './otherWindowServers.js';
import { externalAddress, openAddress } from '../openAddress.js';
import { showsTerminalOnStart } from '../settings.js';
import { runLast, startAndOpen, startWith, type StartCommandDeps } from './startCommands.js';
import { startForUser } from './userStart.js';
import type { Logger } from '../../core/common.js';
import type { ServerId } from '../../core/server/identity.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { hasTerminal, isIdle, isStoppable, isUp, browserUrl } from '../../core/server/stateQueries.js';
import { showInformation } from '../display/messages.js';

export interface CommandDeps
  extends
    PickDeps,
    GroupCommandDeps,
    RowHandlerDeps,
    ListCommandDeps,
    OtherWindowDeps,
    Omit<StartCommandDeps, 'startAndShow'> {
  readonly conflicts: Pick<PortConflicts, 'resolve'>;
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly terminals: ServerTerminals;
  readonly hidden: HiddenServers;
  readonly preferred: PreferredServers;
  readonly definitions: Definitions;
  readonly diagnostics: DiagnosticsDocument;
  readonly logs: LogStore;
  readonly logDocuments: LogDocuments;
  readonly copyMcpConfiguration: () => Promise<void>;
  readonly writeMcpConfiguration: () => Promise<void>;
  readonly installCommand: () => Promise<void>;
  readonly log: Logger & { show(): void };
}

/**
 * Creates the handlers of all commands. A handler resolves when the command is done, and notifies the user of failures.
 */
export function createCommands(deps: CommandDeps): RunCommand {
  const handlers = createHandlers(deps);
  return async (id, target, selected) => {
    await deps.definitions.whenScanned();
    return handlers[id](target, selected);
  };
}

type Handler = (target: CommandTarget, selected?: readonly TreeElement[]) => Promise<unknown>;

function createHandlers(deps: CommandDeps): Record<CommandId, Handler> {
  const { registry, lifecycle, terminals, hidden, definitions, log, l10n } = deps;
  const starting: StartCommandDeps = { ...deps, startAndShow: (record) => startAndShow(deps, record) };
  const logSearchDeps: LogSearchDeps = { ...deps, showAt: (...match) => deps.logDocuments.showAt(...match) };
  const chooseShown = (
    target: CommandTarget,
    matches: (state: ServerState) => boolean,
    placeHolder: string,
  ): Promise<ServerRecord | undefined> =>
    chooseServer(deps, target, (record) => matches(record.state) && isShown(deps, record), placeHolder);
  const readyUrl = async (target: CommandTarget, placeHolder: string): Promise<string | undefined> => {
    const record = await chooseShown(target, (state) => browserUrl(state) !== undefined, placeHolder);
    return record && (await pickUrl(record, l10n));
  };
  return {
    ...createRowHandlers(
      deps,
      (record) => startAndShow(deps, record),
      (rows) =>
        stopSeveral(
          deps,
          serversOf(registry, rows, ({ state }) => isStoppable(state)),
        ),
    ),
    'devServers.start': async (target, selected) => {
      const several = selectedServers(registry, selected, ({ state }) => isIdle(state));
      if (several) {
        await startForUser(idsOf(several), deps);
        return;
      }
      const record = await chooseShown(target, isIdle, l10n.t('Select a server to start'));
      if (!record) return;
      if (typeof target === 'object') deps.clicks.noteStart([record.definition.id]);
      await startAndShow(deps, record);
    },
    'devServers.startAndOpen': async (target) => {
      const record = await chooseShown(target, canOpen, l10n.t('Select a server to start and open'));
      if (record) await startAndOpen(record, starting);
    },
    'devServers.startWith': async (target) => {
      const hasWays = (record: ServerRecord): boolean =>
        record.definition.alternatives !== undefined && isIdle(record.state) && isShown(deps, record);
      const record = await chooseServer(deps, target, hasWays, l10n.t('Select a server to start'));
      if (record) await startWith(record, starting);
    },
    'devServers.runLast': () => runLast(starting),
    'devServers.stop': async (target, selected) => {
      const several = selectedServers(registry, selected, ({ state }) => isStoppable(state));
      if (several) return stopSeveral(deps, several);
      // A second click on the start button may hit the stop button that has replaced it.
      if (typeof target === 'object' && deps.clicks.isImpatient(target.id)) return;
      const record = await chooseShown(target, isStoppable, l10n.t('Select a server to stop'));
      if (record) await notifyingFailure(deps, () => lifecycle.stop(record.definition.id));
    },
    'devServers.restart': async (target) => {
      const record = await chooseShown(target, isUp, l10n.t('Select a server to restart'));
      if (!record) return;
      // If the server does not run, it is started, together with its dependencies.
      if (isIdle(record.state) || record.state.kind === 'queued') await startAndShow(deps, record);
      else {
        const { starts, conflicts } = deps;
        const options = { resolveConflict: conflicts.resolve };
        await notifyingFailure(deps, () => starts.restart(record.definition.id, options));
      }
    },
    'devServers.openUrl': async (target) => {
      const url = await readyUrl(target, l10n.t('Select a server to open in the browser'));
      if (url !== undefined) await openAddress(url);
    },
    'devServers.copyUrl': async (target) => {
      const url = await readyUrl(target, l10n.t('Copy the URL of which server?'));
      if (url !== undefined) await env.clipboard.writeText(await externalAddress(url));
    },
    'devServers.showTerminal': async (target) => {
      const record = await chooseShown(target, hasTerminal, l10n.t('Show the terminal of which server?'));
      if (record) terminals.show(record, false);
    },
    'devServers.startAll': () => startAll(deps),
    'devServers.startPackage': (target) => startGroup(target, deps),
    'devServers.startGroup': (target) => startGroup(target, deps),
    'devServers.stopGroup': async (target) => notifyStopResults(await stopGroup(target, deps), l10n),
    'devServers.stopAll': async () => {
      notifyStopResults(await deps.stops.stopEverything(), l10n);
      await dismiss(registry.current.servers, registry);
    },
    'devServers.refresh': () => definitions.rescan(),
    'devServers.showMenu': () => showQuickActions(registry, hidden, deps),
    'devServers.configure': (target) => configure(target, deps),
    'devServers.saveAsConfiguration': (target) => saveAsConfiguration(target, deps),
    'devServers.openSettings': () => openSettings(),
    ...listCommands(deps),
    'devServers.showServerLog': async (target) => {
      const definition = await chooseServerWithLog(deps, target, l10n.t('Show the log of which server?'));
      if (definition) await deps.logDocuments.show(definition);
    },
    'devServers.clearLog': async (target) => {
      const definition = await chooseServerWithLog(deps, target, l10n.t('Clear the log of which server?'));
      if (definition) await notifyingFailure(deps, () => deps.logDocuments.clear(definition));
    },
    'devServers.searchLogs': () => searchLogs(logSearchDeps),
    'devServers.showPageErrors': async (target) => {
      const definition = await chooseServerWithLog(
        deps,
        target,
        l10n.t('Show the page errors of which server?'),
      );
      if (definition) await showPageErrors(definition, logSearchDeps);
    },
    'devServers.copyMcpConfiguration': () => deps.copyMcpConfiguration(),
    'devServers.writeMcpConfiguration': () => deps.writeMcpConfiguration(),
    'devServers.installCommand': () => deps.installCommand(),
    'devServers.showLog': () => Promise.resolve(log.show()),
    'devServers.showDiagnostics': () => deps.diagnostics.show(),
    'devServers.showOtherWindows': () => showOtherWindowServers(deps),
  };
}

/** Returns the target if it has a log, or lets the user choose among the servers that have one. */
async function chooseServerWithLog(
  deps: CommandDeps,
  target: CommandTarget,
  placeHolder: string,
): Promise<ServerDefinition | undefined> {
  const { registry, logs, l10n } = deps;
  const existing = await logs.existing(registry.current.servers.map(({ definition }) => definition));
  const ids = new Set(existing.map(({ id }) => id));
  const hasLog = ({ definition }: ServerRecord): boolean => ids.has(definition.id);
  const record = await chooseServer(deps, target, hasLog, placeHolder);
  // If the server is running, its next output creates the log.
  if (!record || hasLog(record) || !isIdle(record.state)) return record?.definition;
  const title = serverTitle(record.definition);
  void showInformation(l10n.t('{0} has no log yet. Start it to create one.', title));
  return undefined;
}

async function stopSeveral({ stops, l10n }: CommandDeps, records: readonly ServerRecord[]): Promise<void> {
  notifyStopResults(await stops.stopAll(idsOf(records)), l10n);
}

async function startAndShow(deps: CommandDeps, { definition }: ServerRecord): Promise<void> {
  const [started] = await startForUser([definition.id], deps);
  if (started !== undefined && showsTerminalOnStart()) deps.terminals.show(deps.registry.get(started), true);
}

/** Runs an operation and notifies the user of a failure, unless the new state of the server shows it. */
async function notifyingFailure(
  deps: CommandDeps,
  operation: () => Promise<Outcome | undefined | void>,
): Promise<void> {
  try {
    const outcome = await operation();
    if (outcome) notifyBusyPorts(outcome, deps.l10n);
  } catch (error) {
    notifyFailure(error, deps.l10n);
  }
}

/** Returns whether a server can be started, or opened at once. */
function canOpen(state: ServerState): boolean {
  return isIdle(state) || browserUrl(state) !== undefined;
}

function isShown({ hidden, registry }: CommandDeps, record: ServerRecord): boolean {
  return hidden.shown(registry.current.servers).includes(record);
}

function idsOf(records: readonly ServerRecord[]): ServerId[] {
  return records.map(({ definition }) => definition.id);
}
