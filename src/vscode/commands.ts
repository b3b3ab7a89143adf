import { commands, env, Uri, window, type Disposable } from 'vscode';
import type { Lifecycle, Outcome } from '../core/lifecycle.js';
import type { Log, OtherWindows, RunElsewhere, Translator } from '../core/ports.js';
import type { Registry, ServerRecord } from '../core/registry.js';
import { serverTitle, type ServerDefinition, type ServerId } from '../core/server.js';
import { isIdle, isStoppable, isUp, type ServerState } from '../core/serverState.js';
import { groupServers } from '../core/workspaceView.js';
import type { Definitions } from './definitions.js';
import type { Diagnostics } from './diagnostics.js';
import { tellFailure } from './failureNotices.js';
import { showMenu } from './menu.js';
import { pickServer, type PickPorts } from './serverPick.js';
import type { ServerTerminals } from './serverTerminals.js';
import type { TreeElement } from './serverTree.js';
import { showsTerminalOnStart } from './settings.js';

export interface CommandPorts extends PickPorts {
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly terminals: ServerTerminals;
  readonly definitions: Definitions;
  readonly otherWindows: OtherWindows;
  readonly diagnostics: Diagnostics;
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
  ): Promise<ServerRecord | undefined> => chooseServer(ports, target, suits, placeHolder);
  const readyUrl = async (target: Target, placeHolder: string): Promise<Uri | undefined> => {
    const record = await chosen(target, (state) => state.kind === 'ready', placeHolder);
    return record?.state.kind === 'ready' ? Uri.parse(record.state.url, true) : undefined;
  };
  return {
    'devServers.start': async (target) => {
      const record = await chosen(target, isIdle, l10n.t('Choose a server to start'));
      if (record && (await isWanted(ports, record))) await startShown(ports, record, showsTerminalOnStart());
    },
    'devServers.stop': async (target) => {
      const record = await chosen(target, isStoppable, l10n.t('Choose a server to stop'));
      if (record) await told(ports, () => lifecycle.stop(record.definition.id));
    },
    'devServers.restart': async (target) => {
      const record = await chosen(target, isUp, l10n.t('Choose a server to restart'));
      if (record) await told(ports, () => lifecycle.restart(record.definition.id));
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
      const active = (await groupMembers(ports, target)).filter(({ state }) => isStoppable(state));
      await Promise.all(active.map(({ definition }) => told(ports, () => lifecycle.stop(definition.id))));
    },
    'devServers.stopAll': async () => {
      const results = await lifecycle.stopAll();
      for (const result of results) if (result.status === 'rejected') tellFailure(result.reason, l10n);
    },
    'devServers.refresh': () => definitions.refresh(),
    'devServers.showMenu': () => showMenu(registry, ports),
    'devServers.configure': async () =>
      commands.executeCommand('workbench.action.openSettings', 'devServers.'),
    'devServers.showLog': () => Promise.resolve(log.show()),
    'devServers.showDiagnostics': () => ports.diagnostics.show(),
  };
}

async function chooseServer(
  ports: CommandPorts,
  target: Target,
  suits: (state: ServerState) => boolean,
  placeHolder: string,
): Promise<ServerRecord | undefined> {
  const { servers } = ports.registry.current;
  const id = typeof target === 'string' ? target : target?.kind === 'server' ? target.id : undefined;
  if (id !== undefined) return servers.find(({ definition }) => definition.id === id);
  return pickServer(
    servers.filter(({ state }) => suits(state)),
    placeHolder,
    ports,
  );
}

async function groupMembers(ports: CommandPorts, target: Target): Promise<readonly ServerRecord[]> {
  const groups = groupServers(ports.registry.current.servers);
  const id = typeof target === 'string' ? target : target?.id;
  if (id !== undefined) return groups.find((group) => group.id === id)?.servers ?? [];
  const items = groups.map(({ id: groupId, path, folder, servers }) => ({
    label: path || folder,
    description: groupId,
    servers,
  }));
  const chosen = await window.showQuickPick(items, { placeHolder: ports.l10n.t('Choose a group') });
  return chosen?.servers ?? [];
}

/** Asks when another window runs this very server: a second copy would fight for its port. */
async function isWanted(
  { otherWindows, l10n }: CommandPorts,
  { definition }: ServerRecord,
): Promise<boolean> {
  const elsewhere = await otherWindows.find(definition);
  if (!elsewhere) return true;
  const open = l10n.t('Open It');
  const startAnother = l10n.t('Start Another');
  const choices = elsewhere.url === undefined ? [startAnother] : [open, startAnother];
  const chosen = await window.showWarningMessage(elsewhereText(definition, elsewhere, l10n), ...choices);
  if (chosen === open && elsewhere.url !== undefined) await env.openExternal(Uri.parse(elsewhere.url, true));
  return chosen === startAnother;
}

function elsewhereText(definition: ServerDefinition, { pid, url }: RunElsewhere, l10n: Translator): string {
  const title = serverTitle(definition);
  return url === undefined
    ? l10n.t('{0} already runs in another window (process {1}).', title, pid)
    : l10n.t('{0} already runs in another window at {1}.', title, url);
}

async function startShown(ports: CommandPorts, record: ServerRecord, show: boolean): Promise<void> {
  const { id } = record.definition;
  const outcome = await told(ports, () => ports.lifecycle.start(id));
  if (outcome === undefined) return;
  const started = ports.registry.get(id);
  ports.terminals.ensure(started);
  if (show) ports.terminals.show(started, true);
}

/** Runs an operation; its failure is told unless the server's new state tells it already. */
async function told(ports: CommandPorts, operation: () => Promise<Outcome>): Promise<Outcome | undefined> {
  try {
    const outcome = await operation();
    if (outcome.kind === 'stopped' && outcome.busyPorts.length > 0) {
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
