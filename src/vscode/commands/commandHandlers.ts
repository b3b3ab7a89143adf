import { env } from 'vscode';
import type { Logger } from '../../core/common.js';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import { browserUrl, hasTerminal, isStoppable } from '../../core/server/stateQueries.js';
import type { DiagnosticsDocument } from '../logs/diagnosticsDocument.js';
import { externalAddress, openAddress } from '../openAddress.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';
import type { PreferredServers } from '../tree/preferredServers.js';
import type { Definitions } from '../workspace/definitions.js';
import { chooseShown, serversOf } from './chooseServer.js';
import type { CommandHandlers, CommandTarget, RunCommand } from './commandIds.js';
import { configure, openSettings, saveAsConfiguration } from './configurationCommands.js';
import { createListHandlers, type ListHandlerDeps } from './listHandlers.js';
import { createLogHandlers, type LogHandlerDeps } from './logHandlers.js';
import { showOtherWindowServers, type OtherWindowDeps } from './otherWindowServers.js';
import { showQuickActions } from './quickActions.js';
import type { RowClicks } from './rowClicks.js';
import { createRowHandlers, type RowHandlerDeps } from './rowHandlers.js';
import { createServerHandlers, startAndShow, stopSeveral, type ServerHandlerDeps } from './serverHandlers.js';
import { pickUrl } from './serverPick.js';

export interface CommandDeps
  extends ServerHandlerDeps, RowHandlerDeps, ListHandlerDeps, LogHandlerDeps, OtherWindowDeps {
  readonly lifecycle: Lifecycle;
  readonly preferred: PreferredServers;
  readonly terminals: ServerTerminals;
  readonly clicks: RowClicks;
  readonly definitions: Definitions;
  readonly diagnostics: DiagnosticsDocument;
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

function createHandlers(deps: CommandDeps): CommandHandlers {
  const { registry, terminals, hidden, definitions, log, l10n } = deps;
  const readyUrl = async (target: CommandTarget, placeHolder: string): Promise<string | undefined> => {
    const record = await chooseShown(deps, target, (state) => browserUrl(state) !== undefined, placeHolder);
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
    ...createServerHandlers(deps),
    ...createLogHandlers(deps),
    ...createListHandlers(deps),
    'devServers.openUrl': async (target) => {
      const url = await readyUrl(target, l10n.t('Select a server to open in the browser'));
      if (url !== undefined) await openAddress(url);
    },
    'devServers.copyUrl': async (target) => {
      const url = await readyUrl(target, l10n.t('Copy the URL of which server?'));
      if (url !== undefined) await env.clipboard.writeText(await externalAddress(url));
    },
    'devServers.showTerminal': async (target) => {
      const record = await chooseShown(
        deps,
        target,
        hasTerminal,
        l10n.t('Show the terminal of which server?'),
      );
      if (record) terminals.show(record, false);
    },
    'devServers.refresh': () => definitions.rescan(),
    'devServers.showMenu': () => showQuickActions(registry, hidden, deps),
    'devServers.configure': (target) => configure(target, deps),
    'devServers.saveAsConfiguration': (target) => saveAsConfiguration(target, deps),
    'devServers.openSettings': () => openSettings(),
    'devServers.copyMcpConfiguration': () => deps.copyMcpConfiguration(),
    'devServers.writeMcpConfiguration': () => deps.writeMcpConfiguration(),
    'devServers.installCommand': () => deps.installCommand(),
    'devServers.showLog': () => Promise.resolve(log.show()),
    'devServers.showDiagnostics': () => deps.diagnostics.show(),
    'devServers.showOtherWindows': () => showOtherWindowServers(deps),
  };
}
