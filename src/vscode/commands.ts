import { commands, env, Uri, window, type Disposable } from 'vscode';
import type { Lifecycle } from '../core/lifecycle.js';
import type { Outcome } from '../core/outcome.js';
import type { LogPort } from '../core/logs.js';
import type { Log } from '../core/ports.js';
import type { Registry, ServerRecord } from '../core/registry.js';
import { serverTitle, type ServerDefinition, type ServerId } from '../core/server.js';
import { isIdle, isStoppable, isUp, urlOf, type ServerState } from '../core/serverState.js';
import { groupServers } from '../core/workspaceView.js';
import type { Definitions } from './definitions.js';
import type { Diagnostics } from './diagnostics.js';
import { tellFailure } from './failureNotices.js';
import type { LogDocuments } from './logDocuments.js';
import { searchLogs } from './logSearch.js';
import { showMenu } from './menu.js';
import type { PortConflicts } from './portConflicts.js';
import { pickServer, type PickPorts } from './serverPick.js';
import type { ServerTerminals } from './serverTerminals.js';
import type { TreeElement } from './serverTree.js';
import { showsTerminalOnStart } from './settings.js';

export interface CommandPorts extends PickPorts {
  readonly conflicts: Pick<PortConflicts, 'start' | 'restart'>;
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly terminals: ServerTerminals;
  readonly definitions: Definitions;
  readonly diagnostics: Diagnostics;
  readonly logs: LogPort;
  readonly logDocuments: LogDocuments;
  readonly copyMcpConfiguration: () => Promise<void>;
  readonly log: Log & { show(): void };
}

/** A row of the tree, the id of a server from code or a keybinding, or nothing from the palette. */
type Target = TreeElement | ServerId | undefined;

type CommandId = `devServers.${
  | 'start'
  | 'stop'
  | 'restart'
  | 'openUrl'
  | 'copyUrl'
  | 'showTerminal'
  | 'startGroup'
  | 'stopGroup'
  | 'stopAll'
  | 'refresh'
  | 'showMenu'
  | 'configure'
  | 'showServerLog'
  | 'searchLogs'
  | 'copyMcpConfiguration'
  | 'showLog'
  | 'showDiagnostics'}`;

/** Registers every command of the manifest. A command resolves when its work is done and tells the user what failed. */
export function registerCommands(ports: CommandPorts): Disposable[] {
  return Object.entries(handlers(ports)).map(([id, handler]) =>
    commands.registerCommand(id, async (target: Target) => {
      await ports.definitions.ensure();
      return handler(target);
    }),
  );
}

function handlers(ports: CommandPorts): Record<CommandId, (target: Target) => Promise<unknown>> {
  const { registry, lifecycle, terminals, definitions, log, l10n } = ports;
  const chosen = (
    target: Target,
    suits: (state: ServerState) => boolean,
    placeHolder: string,
  ): Promise<ServerRecord | undefined> =>
    chooseServer(ports, target, ({ state }) => suits(state), placeHolder);
  const readyUrl = async (target: Target, placeHolder: string): Promise<Uri | undefined> => {
    const record = await chosen(target, (state) => urlOf(state) !== undefined, placeHolder);
    const url = record && urlOf(record.state);
    return url === undefined ? undefined : Uri.parse(url, true);
  };
  return {
    'devServers.start': async (target) => {
      const record = await chosen(target, isIdle, l10n.t('Choose a server to start'));
      if (record) await startShown(ports, record, showsTerminalOnStart());
    },
    'devServers.stop': async (target) => {
      const record = await chosen(target, isStoppable, l10n.t('Choose a server to stop'));
      if (record) await told(ports, () => lifecycle.stop(record.definition.id));
    },
    'devServers.restart': async (target) => {
      const record = await chosen(target, isUp, l10n.t('Choose a server to restart'));
      if (record) await told(ports, () => ports.conflicts.restart(record.definition));
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
    'devServers.startGroup': async (target) => {
      const idle = (await groupMembers(ports, target)).filter(({ state }) => isIdle(state));
      await Promise.all(idle.map((record) => startShown(ports, record, false)));
    },
    'devServers.stopGroup': async (target) => {
      // Idle ones too: a start of one may be waiting for its turn.
      const members = await groupMembers(ports, target);
      await Promise.all(members.map(({ definition }) => told(ports, () => lifecycle.stop(definition.id))));
    },
    'devServers.stopAll': async () => {
      const results = await lifecycle.stopAll();
      for (const result of results) if (result.status === 'rejected') tellFailure(result.reason, l10n);
    },
    'devServers.refresh': () => definitions.refresh(),
    'devServers.showMenu': () => showMenu(registry, ports),
    'devServers.configure': async () =>
      commands.executeCommand('workbench.action.openSettings', 'devServers.'),
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
  target: Target,
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
async function withLog(ports: CommandPorts, target: Target): Promise<ServerDefinition | undefined> {
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

async function groupMembers(ports: CommandPorts, target: Target): Promise<readonly ServerRecord[]> {
  const { servers } = ports.registry.current;
  const groups = groupServers(servers);
  const id = typeof target === 'string' ? target : target?.id;
  if (typeof target === 'object' && target.kind === 'folder') {
    return servers.filter(({ definition }) => definition.folder === id);
  }
  if (id !== undefined) return groups.find((group) => group.id === id)?.servers ?? [];
  const items = groups.map((group) => ({
    label: group.path || group.folder,
    description: group.id,
    servers: group.servers,
  }));
  const chosen = await window.showQuickPick(items, { placeHolder: ports.l10n.t('Choose a group') });
  return chosen?.servers ?? [];
}

async function startShown(ports: CommandPorts, { definition }: ServerRecord, show: boolean): Promise<void> {
  const outcome = await told(ports, () => ports.conflicts.start(definition));
  if (outcome === undefined) return;
  const started = ports.registry.get(definition.id);
  ports.terminals.ensure(started);
  if (show) ports.terminals.show(started, true);
}

/** Runs an operation; its failure is told unless the server's new state tells it already. */
async function told(
  ports: CommandPorts,
  operation: () => Promise<Outcome | undefined>,
): Promise<Outcome | undefined> {
  try {
    const outcome = await operation();
    if (outcome?.kind === 'stopped' && outcome.busyPorts.length > 0) {
      const text = ports.l10n.t(
        'Stopped, but port {0} is held by another process.',
        outcome.busyPorts.join(', '),
      );
      void window.showWarningMessage(text);
    }
    return outcome;
  } catch (error) {
    tellFailure(error, ports.l10n);
    return undefined;
  }
}

function hasTerminal(state: ServerState): boolean {
  return state.kind !== 'stopped' || state.lastEnd !== undefined;
}
