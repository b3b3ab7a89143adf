import { env, Uri, window } from 'vscode';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { Outcome } from '../../core/lifecycle/outcome.js';
import type { LogPort } from '../../core/logs/logs.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { type ServerState } from '../../core/server/state.js';
import type { CommandId, CommandTarget, RunCommand } from './commandIds.js';
import {
  configure,
  openSettings,
  saveAsConfiguration,
  type ConfigurationCommandPorts,
} from './configurationCommands.js';
import type { Definitions } from '../workspace/definitions.js';
import type { Diagnostics } from '../logs/diagnosticsDocument.js';
import { tellFailure } from '../notifications/failureNotifications.js';
import { startGroup, stopGroup, type GroupCommandPorts } from './groupCommands.js';
import type { HiddenServers } from '../tree/hiddenServers.js';
import type { LogDocuments } from '../logs/logDocuments.js';
import { searchLogs } from '../logs/logSearch.js';
import { showMenu } from './quickActions.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import { pickServer, type PickPorts } from './serverPick.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';
import { showsTerminalOnStart } from '../settings.js';
import { startForPerson } from './userStart.js';
import type { Log, Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { hasTerminal, isIdle, isStoppable, isUp, urlOf } from '../../core/server/stateQueries.js';

export interface CommandPorts extends PickPorts, GroupCommandPorts, ConfigurationCommandPorts {
  readonly conflicts: Pick<PortConflicts, 'start' | 'resume' | 'restart'>;
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly terminals: ServerTerminals;
  readonly hidden: HiddenServers;
  readonly definitions: Definitions;
  readonly diagnostics: Diagnostics;
  readonly logs: LogPort;
  readonly logDocuments: LogDocuments;
  readonly copyMcpConfiguration: () => Promise<void>;
  readonly log: Log & { show(): void };
}

/** Every command of the manifest. One resolves when its work is done and tells the user what failed. */
export function createCommands(ports: CommandPorts): RunCommand {
  const known = handlers(ports);
  return async (id, target) => {
    await ports.definitions.ensure();
    return known[id](target);
  };
}

function handlers(ports: CommandPorts): Record<CommandId, (target: CommandTarget) => Promise<unknown>> {
  const { registry, lifecycle, terminals, hidden, definitions, log, l10n } = ports;
  const chosen = (
    target: CommandTarget,
    suits: (state: ServerState) => boolean,
    placeHolder: string,
  ): Promise<ServerRecord | undefined> =>
    chooseServer(ports, target, (record) => suits(record.state) && isShown(ports, record), placeHolder);
  const readyUrl = async (target: CommandTarget, placeHolder: string): Promise<Uri | undefined> => {
    const record = await chosen(target, (state) => urlOf(state) !== undefined, placeHolder);
    const url = record && urlOf(record.state);
    return url === undefined ? undefined : Uri.parse(url, true);
  };
  return {
    'devServers.start': async (target) => {
      const record = await chosen(target, isIdle, l10n.t('Choose a server to start'));
      if (record) await startShown(ports, record);
    },
    'devServers.stop': async (target) => {
      const record = await chosen(target, isStoppable, l10n.t('Choose a server to stop'));
      if (record) await told(ports, () => lifecycle.stop(record.definition.id));
    },
    'devServers.restart': async (target) => {
      const record = await chosen(target, isUp, l10n.t('Choose a server to restart'));
      if (!record) return;
      // What does not run is simply started, with what it depends on.
      if (isIdle(record.state) || record.state.kind === 'queued') await startShown(ports, record);
      else await told(ports, () => ports.conflicts.restart(record.definition));
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
    'devServers.startGroup': (target) => startGroup(target, ports),
    'devServers.stopGroup': async (target) => tellStops(await stopGroup(target, ports), l10n),
    'devServers.stopAll': async () => tellStops(await ports.stops.stopEverything(), l10n),
    'devServers.refresh': () => definitions.refresh(),
    'devServers.showMenu': () => showMenu(registry, hidden, ports),
    'devServers.configure': (target) => configure(target, ports),
    'devServers.saveAsConfiguration': (target) => saveAsConfiguration(target, ports),
    'devServers.openSettings': () => openSettings(),
    'devServers.hide': async (target) => {
      const isListed = ({ definition }: ServerRecord): boolean => !hidden.isHidden(definition);
      const record = await chooseServer(ports, target, isListed, l10n.t('Choose a server to hide'));
      if (record) await hidden.setHidden(record.definition, true);
    },
    'devServers.unhide': async (target) => {
      const isHidden = ({ definition }: ServerRecord): boolean => hidden.isHidden(definition);
      const record = await chooseServer(ports, target, isHidden, l10n.t('Choose a server to list again'));
      if (record) await hidden.setHidden(record.definition, false);
    },
    'devServers.showHidden': () => Promise.resolve((hidden.showsHidden = true)),
    'devServers.concealHidden': () => Promise.resolve((hidden.showsHidden = false)),
    'devServers.showServerLog': async (target) => {
      const definition = await withLog(ports, target);
      if (definition) await ports.logDocuments.show(definition);
    },
    'devServers.searchLogs': () =>
      searchLogs({ ...ports, showAt: (...place) => ports.logDocuments.showAt(...place) }),
    'devServers.copyMcpConfiguration': () => ports.copyMcpConfiguration(),
    'devServers.showLog': () => Promise.resolve(log.show()),
    'devServers.showDiagnostics': () => ports.diagnostics.show(),
  };
}

async function chooseServer(
  ports: CommandPorts,
  target: CommandTarget,
  suits: (record: ServerRecord) => boolean,
  placeHolder: string,
): Promise<ServerRecord | undefined> {
  const { servers } = ports.registry.current;
  const id = typeof target === 'string' ? target : target?.kind === 'server' ? target.id : undefined;
  if (id !== undefined) return ports.registry.find(id);
  return pickServer(
    servers.filter((record) => suits(record)),
    placeHolder,
    ports,
  );
}

/** A server of which there is a log, chosen among these when none is named. */
async function withLog(ports: CommandPorts, target: CommandTarget): Promise<ServerDefinition | undefined> {
  const { registry, logs, l10n } = ports;
  const existing = await logs.existing(registry.current.servers.map(({ definition }) => definition));
  const ids = new Set(existing.map(({ id }) => id));
  const hasLog = ({ definition }: ServerRecord): boolean => ids.has(definition.id);
  const record = await chooseServer(ports, target, hasLog, l10n.t('Choose a server whose log to show'));
  if (!record || hasLog(record)) return record?.definition;
  const title = serverTitle(record.definition);
  void window.showInformationMessage(l10n.t('There is no log of {0} yet.', title));
  return undefined;
}

async function startShown(ports: CommandPorts, { definition }: ServerRecord): Promise<void> {
  const [started] = await startForPerson([definition.id], ports);
  if (started !== undefined && showsTerminalOnStart())
    ports.terminals.show(ports.registry.get(started), true);
}

/** What could not be stopped is told, and of what was, a port that somebody else holds. */
function tellStops(results: readonly PromiseSettledResult<Outcome>[], l10n: Translator): void {
  for (const result of results) {
    if (result.status === 'rejected') tellFailure(result.reason, l10n);
    else tellBusyPorts(result.value, l10n);
  }
}

/** Runs an operation; its failure is told unless the server's new state tells it already. */
async function told(ports: CommandPorts, operation: () => Promise<Outcome | undefined>): Promise<void> {
  try {
    const outcome = await operation();
    if (outcome) tellBusyPorts(outcome, ports.l10n);
  } catch (error) {
    tellFailure(error, ports.l10n);
  }
}

function isShown({ hidden, registry }: CommandPorts, record: ServerRecord): boolean {
  return hidden.shown(registry.current.servers).includes(record);
}

function tellBusyPorts(outcome: Outcome, l10n: Translator): void {
  if (outcome.kind !== 'stopped' || outcome.busyPorts.length === 0) return;
  void window.showWarningMessage(
    l10n.t('Stopped, but port {0} is held by another process.', outcome.busyPorts.join(', ')),
  );
}
