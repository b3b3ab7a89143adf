import { env, Uri } from 'vscode';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { Outcome } from '../../core/lifecycle/outcome.js';
import type { LogStore } from '../../core/logs/logStore.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { type ServerState } from '../../core/server/state.js';
import type { CommandId, CommandTarget, RunCommand } from './commandIds.js';
import {
  configure,
  openSettings,
  saveAsConfiguration,
  type ConfigurationCommandDeps,
} from './configurationCommands.js';
import type { Definitions } from '../workspace/definitions.js';
import type { DiagnosticsDocument } from '../logs/diagnosticsDocument.js';
import { notifyFailure } from '../notifications/failureNotifications.js';
import { startGroup, stopGroup, type GroupCommandDeps } from './groupCommands.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import type { LogDocuments } from '../logs/logDocuments.js';
import { searchLogs } from '../logs/logSearch.js';
import { showQuickActions } from './quickActions.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import { pickServer, pickUrl, type PickDeps } from './serverPick.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';
import { showsTerminalOnStart } from '../settings.js';
import { startForUser } from './userStart.js';
import type { Logger, Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { hasTerminal, isIdle, isStoppable, isUp, browserUrl } from '../../core/server/stateQueries.js';
import { showInformation, showWarning } from '../display/messages.js';

export interface CommandDeps extends PickDeps, GroupCommandDeps, ConfigurationCommandDeps {
  readonly conflicts: Pick<PortConflicts, 'resolve'>;
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly terminals: ServerTerminals;
  readonly hidden: HiddenServers;
  readonly definitions: Definitions;
  readonly diagnostics: DiagnosticsDocument;
  readonly logs: LogStore;
  readonly logDocuments: LogDocuments;
  readonly copyMcpConfiguration: () => Promise<void>;
  readonly installCommand: () => Promise<void>;
  readonly log: Logger & { show(): void };
}

/**
 * Creates the handlers of all commands. A handler resolves when its work is done, and notifies the user of failures.
 */
export function createCommands(deps: CommandDeps): RunCommand {
  const handlers = createHandlers(deps);
  return async (id, target) => {
    await deps.definitions.whenScanned();
    return handlers[id](target);
  };
}

function createHandlers(deps: CommandDeps): Record<CommandId, (target: CommandTarget) => Promise<unknown>> {
  const { registry, lifecycle, terminals, hidden, definitions, log, l10n } = deps;
  const chooseShown = (
    target: CommandTarget,
    matches: (state: ServerState) => boolean,
    placeHolder: string,
  ): Promise<ServerRecord | undefined> =>
    chooseServer(deps, target, (record) => matches(record.state) && isShown(deps, record), placeHolder);
  const readyUrl = async (target: CommandTarget, placeHolder: string): Promise<Uri | undefined> => {
    const record = await chooseShown(target, (state) => browserUrl(state) !== undefined, placeHolder);
    const url = record && (await pickUrl(record, l10n));
    return url === undefined ? undefined : Uri.parse(url, true);
  };
  return {
    'devServers.start': async (target) => {
      const record = await chooseShown(target, isIdle, l10n.t('Select a server to start'));
      if (record) await startAndShow(deps, record);
    },
    'devServers.stop': async (target) => {
      const record = await chooseShown(target, isStoppable, l10n.t('Select a server to stop'));
      if (record) await notifyingFailure(deps, () => lifecycle.stop(record.definition.id));
    },
    'devServers.restart': async (target) => {
      const record = await chooseShown(target, isUp, l10n.t('Select a server to restart'));
      if (!record) return;
      // A server that does not run is started, together with its dependencies.
      if (isIdle(record.state) || record.state.kind === 'queued') await startAndShow(deps, record);
      else {
        const { starts, conflicts } = deps;
        const options = { resolveConflict: conflicts.resolve };
        await notifyingFailure(deps, () => starts.restart(record.definition.id, options));
      }
    },
    'devServers.openUrl': async (target) => {
      const url = await readyUrl(target, l10n.t('Select a server to open in the browser'));
      // `openExternal` resolves the URL as `asExternalUri` does, and the API forbids doing both.
      if (url) await env.openExternal(url);
    },
    'devServers.copyUrl': async (target) => {
      const url = await readyUrl(target, l10n.t('Copy the URL of which server?'));
      if (url) await env.clipboard.writeText((await env.asExternalUri(url)).toString(true));
    },
    'devServers.showTerminal': async (target) => {
      const record = await chooseShown(target, hasTerminal, l10n.t('Show the terminal of which server?'));
      if (record) terminals.show(record, false);
    },
    'devServers.startGroup': (target) => startGroup(target, deps),
    'devServers.stopGroup': async (target) => notifyStopResults(await stopGroup(target, deps), l10n),
    'devServers.stopAll': async () => notifyStopResults(await deps.stops.stopEverything(), l10n),
    'devServers.refresh': () => definitions.rescan(),
    'devServers.showMenu': () => showQuickActions(registry, hidden, deps),
    'devServers.configure': (target) => configure(target, deps),
    'devServers.saveAsConfiguration': (target) => saveAsConfiguration(target, deps),
    'devServers.openSettings': () => openSettings(),
    'devServers.hide': async (target) => {
      const isListed = ({ definition }: ServerRecord): boolean => !hidden.isHidden(definition);
      const record = await chooseServer(deps, target, isListed, l10n.t('Select a server to hide'));
      if (record) await hidden.setHidden(record.definition, true);
    },
    'devServers.unhide': async (target) => {
      const isHidden = ({ definition }: ServerRecord): boolean => hidden.isHidden(definition);
      const record = await chooseServer(deps, target, isHidden, l10n.t('Select a hidden server to show'));
      if (record) await hidden.setHidden(record.definition, false);
    },
    'devServers.showHidden': () => Promise.resolve((hidden.showsHidden = true)),
    'devServers.concealHidden': () => Promise.resolve((hidden.showsHidden = false)),
    'devServers.showServerLog': async (target) => {
      const definition = await chooseServerWithLog(deps, target);
      if (definition) await deps.logDocuments.show(definition);
    },
    'devServers.searchLogs': () =>
      searchLogs({ ...deps, showAt: (...match) => deps.logDocuments.showAt(...match) }),
    'devServers.copyMcpConfiguration': () => deps.copyMcpConfiguration(),
    'devServers.installCommand': () => deps.installCommand(),
    'devServers.showLog': () => Promise.resolve(log.show()),
    'devServers.showDiagnostics': () => deps.diagnostics.show(),
  };
}

async function chooseServer(
  deps: CommandDeps,
  target: CommandTarget,
  matches: (record: ServerRecord) => boolean,
  placeHolder: string,
): Promise<ServerRecord | undefined> {
  const { servers } = deps.registry.current;
  const id = typeof target === 'string' ? target : target?.kind === 'server' ? target.id : undefined;
  if (id !== undefined) return deps.registry.find(id);
  return pickServer(
    servers.filter((record) => matches(record)),
    placeHolder,
    deps,
  );
}

/** Returns the target if it has a log, or lets the user choose among the servers that have one. */
async function chooseServerWithLog(
  deps: CommandDeps,
  target: CommandTarget,
): Promise<ServerDefinition | undefined> {
  const { registry, logs, l10n } = deps;
  const existing = await logs.existing(registry.current.servers.map(({ definition }) => definition));
  const ids = new Set(existing.map(({ id }) => id));
  const hasLog = ({ definition }: ServerRecord): boolean => ids.has(definition.id);
  const record = await chooseServer(deps, target, hasLog, l10n.t('Show the log of which server?'));
  if (!record || hasLog(record)) return record?.definition;
  const title = serverTitle(record.definition);
  void showInformation(l10n.t('{0} has no log yet. Start it to create one.', title));
  return undefined;
}

async function startAndShow(deps: CommandDeps, { definition }: ServerRecord): Promise<void> {
  const [started] = await startForUser([definition.id], deps);
  if (started !== undefined && showsTerminalOnStart()) deps.terminals.show(deps.registry.get(started), true);
}

/** Notifies the user of servers that could not be stopped, and of ports that another process uses after a stop. */
function notifyStopResults(results: readonly PromiseSettledResult<Outcome>[], l10n: Translator): void {
  for (const result of results) {
    if (result.status === 'rejected') notifyFailure(result.reason, l10n);
    else notifyBusyPorts(result.value, l10n);
  }
}

/** Runs an operation and notifies the user of a failure, unless the new state of the server shows it. */
async function notifyingFailure(
  deps: CommandDeps,
  operation: () => Promise<Outcome | undefined>,
): Promise<void> {
  try {
    const outcome = await operation();
    if (outcome) notifyBusyPorts(outcome, deps.l10n);
  } catch (error) {
    notifyFailure(error, deps.l10n);
  }
}

function isShown({ hidden, registry }: CommandDeps, record: ServerRecord): boolean {
  return hidden.shown(registry.current.servers).includes(record);
}

function notifyBusyPorts(outcome: Outcome, l10n: Translator): void {
  if (outcome.kind !== 'stopped' || outcome.busyPorts.length === 0) return;
  void showWarning(
    l10n.t('Stopped, but port {0} is in use by another process.', outcome.busyPorts.join(', ')),
  );
}
