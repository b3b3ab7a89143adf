import { env, Uri, window } from 'vscode';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { Outcome } from '../../core/lifecycle/outcome.js';
import type { LogStore } from '../../core/logs/logs.js';
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
import { pickServer, type PickDeps } from './serverPick.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';
import { showsTerminalOnStart } from '../settings.js';
import { startForUser } from './userStart.js';
import type { Logger, Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { hasTerminal, isIdle, isStoppable, isUp, urlOf } from '../../core/server/stateQueries.js';

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
  readonly log: Logger & { show(): void };
}

/** Every command of the manifest. One resolves when its work is done and tells the user what failed. */
export function createCommands(deps: CommandDeps): RunCommand {
  const known = handlers(deps);
  return async (id, target) => {
    await deps.definitions.whenScanned();
    return known[id](target);
  };
}

function handlers(deps: CommandDeps): Record<CommandId, (target: CommandTarget) => Promise<unknown>> {
  const { registry, lifecycle, terminals, hidden, definitions, log, l10n } = deps;
  const chosen = (
    target: CommandTarget,
    suits: (state: ServerState) => boolean,
    placeHolder: string,
  ): Promise<ServerRecord | undefined> =>
    chooseServer(deps, target, (record) => suits(record.state) && isShown(deps, record), placeHolder);
  const readyUrl = async (target: CommandTarget, placeHolder: string): Promise<Uri | undefined> => {
    const record = await chosen(target, (state) => urlOf(state) !== undefined, placeHolder);
    const url = record && urlOf(record.state);
    return url === undefined ? undefined : Uri.parse(url, true);
  };
  return {
    'devServers.start': async (target) => {
      const record = await chosen(target, isIdle, l10n.t('Choose a server to start'));
      if (record) await startShown(deps, record);
    },
    'devServers.stop': async (target) => {
      const record = await chosen(target, isStoppable, l10n.t('Choose a server to stop'));
      if (record) await told(deps, () => lifecycle.stop(record.definition.id));
    },
    'devServers.restart': async (target) => {
      const record = await chosen(target, isUp, l10n.t('Choose a server to restart'));
      if (!record) return;
      // What does not run is simply started, with what it depends on.
      if (isIdle(record.state) || record.state.kind === 'queued') await startShown(deps, record);
      else {
        const { starts, conflicts } = deps;
        const options = { resolveConflict: conflicts.resolve };
        await told(deps, () => starts.restart(record.definition.id, options));
      }
    },
    'devServers.openUrl': async (target) => {
      const url = await readyUrl(target, l10n.t('Choose a server to open in the browser'));
      // Resolves the address as `asExternalUri` does, which the API says must not be done twice.
      if (url) await env.openExternal(url);
    },
    'devServers.copyUrl': async (target) => {
      const url = await readyUrl(target, l10n.t('Choose a server whose URL to copy'));
      if (url) await env.clipboard.writeText((await env.asExternalUri(url)).toString(true));
    },
    'devServers.showTerminal': async (target) => {
      const record = await chosen(target, hasTerminal, l10n.t('Choose a server whose terminal to show'));
      if (record) terminals.show(record, false);
    },
    'devServers.startGroup': (target) => startGroup(target, deps),
    'devServers.stopGroup': async (target) => tellStops(await stopGroup(target, deps), l10n),
    'devServers.stopAll': async () => tellStops(await deps.stops.stopEverything(), l10n),
    'devServers.refresh': () => definitions.rescan(),
    'devServers.showMenu': () => showQuickActions(registry, hidden, deps),
    'devServers.configure': (target) => configure(target, deps),
    'devServers.saveAsConfiguration': (target) => saveAsConfiguration(target, deps),
    'devServers.openSettings': () => openSettings(),
    'devServers.hide': async (target) => {
      const isListed = ({ definition }: ServerRecord): boolean => !hidden.isHidden(definition);
      const record = await chooseServer(deps, target, isListed, l10n.t('Choose a server to hide'));
      if (record) await hidden.setHidden(record.definition, true);
    },
    'devServers.unhide': async (target) => {
      const isHidden = ({ definition }: ServerRecord): boolean => hidden.isHidden(definition);
      const record = await chooseServer(deps, target, isHidden, l10n.t('Choose a server to list again'));
      if (record) await hidden.setHidden(record.definition, false);
    },
    'devServers.showHidden': () => Promise.resolve((hidden.showsHidden = true)),
    'devServers.concealHidden': () => Promise.resolve((hidden.showsHidden = false)),
    'devServers.showServerLog': async (target) => {
      const definition = await withLog(deps, target);
      if (definition) await deps.logDocuments.show(definition);
    },
    'devServers.searchLogs': () =>
      searchLogs({ ...deps, showAt: (...place) => deps.logDocuments.showAt(...place) }),
    'devServers.copyMcpConfiguration': () => deps.copyMcpConfiguration(),
    'devServers.showLog': () => Promise.resolve(log.show()),
    'devServers.showDiagnostics': () => deps.diagnostics.show(),
  };
}

async function chooseServer(
  deps: CommandDeps,
  target: CommandTarget,
  suits: (record: ServerRecord) => boolean,
  placeHolder: string,
): Promise<ServerRecord | undefined> {
  const { servers } = deps.registry.current;
  const id = typeof target === 'string' ? target : target?.kind === 'server' ? target.id : undefined;
  if (id !== undefined) return deps.registry.find(id);
  return pickServer(
    servers.filter((record) => suits(record)),
    placeHolder,
    deps,
  );
}

/** A server of which there is a log, chosen among these when none is named. */
async function withLog(deps: CommandDeps, target: CommandTarget): Promise<ServerDefinition | undefined> {
  const { registry, logs, l10n } = deps;
  const existing = await logs.existing(registry.current.servers.map(({ definition }) => definition));
  const ids = new Set(existing.map(({ id }) => id));
  const hasLog = ({ definition }: ServerRecord): boolean => ids.has(definition.id);
  const record = await chooseServer(deps, target, hasLog, l10n.t('Choose a server whose log to show'));
  if (!record || hasLog(record)) return record?.definition;
  const title = serverTitle(record.definition);
  void window.showInformationMessage(l10n.t('There is no log of {0} yet.', title));
  return undefined;
}

async function startShown(deps: CommandDeps, { definition }: ServerRecord): Promise<void> {
  const [started] = await startForUser([definition.id], deps);
  if (started !== undefined && showsTerminalOnStart()) deps.terminals.show(deps.registry.get(started), true);
}

/** What could not be stopped is told, and of what was, a port that somebody else holds. */
function tellStops(results: readonly PromiseSettledResult<Outcome>[], l10n: Translator): void {
  for (const result of results) {
    if (result.status === 'rejected') notifyFailure(result.reason, l10n);
    else tellBusyPorts(result.value, l10n);
  }
}

/** Runs an operation; its failure is told unless the server's new state tells it already. */
async function told(deps: CommandDeps, operation: () => Promise<Outcome | undefined>): Promise<void> {
  try {
    const outcome = await operation();
    if (outcome) tellBusyPorts(outcome, deps.l10n);
  } catch (error) {
    notifyFailure(error, deps.l10n);
  }
}

function isShown({ hidden, registry }: CommandDeps, record: ServerRecord): boolean {
  return hidden.shown(registry.current.servers).includes(record);
}

function tellBusyPorts(outcome: Outcome, l10n: Translator): void {
  if (outcome.kind !== 'stopped' || outcome.busyPorts.length === 0) return;
  void window.showWarningMessage(
    l10n.t('Stopped, but port {0} is held by another process.', outcome.busyPorts.join(', ')),
  );
}
