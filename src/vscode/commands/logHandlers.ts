import type { LogStore } from '../../core/logs/logStore.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { isIdle } from '../../core/server/stateQueries.js';
import { showInformation } from '../display/messages.js';
import type { LogDocuments } from '../logs/logDocuments.js';
import { searchLogs, showPageErrors, type LogSearchDeps } from '../logs/logSearch.js';
import { notifyingFailure } from '../notifications/operationNotifications.js';
import { chooseServer, type ChooseDeps } from './chooseServer.js';
import type { CommandHandlers, CommandTarget } from './commandIds.js';

export interface LogHandlerDeps extends ChooseDeps {
  readonly logs: LogStore;
  readonly logDocuments: LogDocuments;
}

type LogCommand = `devServers.${'showServerLog' | 'clearLog' | 'searchLogs' | 'showPageErrors'}`;

/** Creates the handlers of the commands for logs. */
export function createLogHandlers(deps: LogHandlerDeps): CommandHandlers<LogCommand> {
  const { l10n } = deps;
  const searchDeps: LogSearchDeps = { ...deps, showAt: (...match) => deps.logDocuments.showAt(...match) };
  return {
    'devServers.showServerLog': async (target) => {
      const definition = await chooseServerWithLog(deps, target, l10n.t('Show the log of which server?'));
      if (definition) await deps.logDocuments.show(definition);
    },
    'devServers.clearLog': async (target) => {
      const definition = await chooseServerWithLog(deps, target, l10n.t('Clear the log of which server?'));
      if (definition) await notifyingFailure(() => deps.logDocuments.clear(definition), l10n);
    },
    'devServers.searchLogs': () => searchLogs(searchDeps),
    'devServers.showPageErrors': async (target) => {
      const definition = await chooseServerWithLog(
        deps,
        target,
        l10n.t('Show the page errors of which server?'),
      );
      if (definition) await showPageErrors(definition, searchDeps);
    },
  };
}

/** Returns the target if it has a log, or lets the user choose among the servers that have one. */
async function chooseServerWithLog(
  deps: LogHandlerDeps,
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
