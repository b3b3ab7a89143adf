import { commands, type WorkspaceFolder } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import type { ConfigurationEditor } from '../configuration/configurationEditor.js';
import type { AddServerDeps } from './addServer.js';
import { targetRecord } from './chooseServer.js';
import type { CommandTarget } from './commandIds.js';
import { folderNamed } from '../workspace/workspaceFolders.js';
import { pickServer, type PickDeps } from './serverPick.js';
import { showServersSetting } from '../settings.js';
import type { Translator } from '../../core/common.js';
import { showError } from '../display/messages.js';
import { pickWorkspaceFolder } from '../display/picks.js';

export interface ConfigurationCommandDeps extends PickDeps, AddServerDeps {
  readonly registry: Registry;
  readonly configurationEditor: ConfigurationEditor;
}

/** Opens the entry of a server, which it creates for a discovered server, or the configuration file of a folder. */
export async function configure(target: CommandTarget, deps: ConfigurationCommandDeps): Promise<void> {
  const record = targetRecord(target, deps.registry);
  if (record) await customize(record.definition, deps);
  else await configureFolder(target, deps);
}

/** As `configure`; lets the user choose a server when there is no target. */
export async function saveAsConfiguration(
  target: CommandTarget,
  deps: ConfigurationCommandDeps,
): Promise<void> {
  const { registry, l10n } = deps;
  const record =
    targetRecord(target, registry) ??
    (await pickServer(registry.current.servers, l10n.t('Select a server to customize'), deps));
  if (record) await customize(record.definition, deps);
}

/** Asks for a new server, and writes it to the configuration file of its folder. */
export async function addServer(deps: ConfigurationCommandDeps): Promise<void> {
  const folder = await pickWorkspaceFolder(deps.l10n.t('Select a workspace folder'));
  if (!folder) return;
  const { askForServer } = await import('./addServer.js');
  const definition = await askForServer(folder, deps);
  if (definition) await save(definition, folder, deps);
}

/** Opens the settings of the extension. */
export async function openSettings(): Promise<void> {
  await commands.executeCommand('workbench.action.openSettings', 'devServers.');
}

async function configureFolder(
  target: CommandTarget,
  { configurationEditor, l10n }: ConfigurationCommandDeps,
): Promise<void> {
  const name = typeof target === 'object' && target.kind !== 'server' ? target.id.split('/')[0] : undefined;
  const placeHolder = l10n.t('Select a workspace folder');
  const folder =
    (name === undefined ? undefined : folderNamed(name)) ?? (await pickWorkspaceFolder(placeHolder));
  if (folder) await configurationEditor.open(folder);
}

async function customize(definition: ServerDefinition, deps: ConfigurationCommandDeps): Promise<void> {
  const folder = folderNamed(definition.folder);
  if (!folder) return;
  if (definition.source === 'settings') await showServersSetting(folder);
  else if (definition.source === 'configuration') await deps.configurationEditor.show(folder, definition);
  else await save(definition, folder, deps);
}

async function save(
  definition: ServerDefinition,
  folder: WorkspaceFolder,
  { configurationEditor, l10n }: ConfigurationCommandDeps,
): Promise<void> {
  const refusal = await configurationEditor.add(folder, definition);
  if (refusal === undefined) return;
  const text = l10n.t(
    '{0} could not be saved, and {1} was not changed: {2}.',
    serverTitle(definition),
    configurationEditor.path,
    refusal,
  );
  void notifyRefusal(text, folder, configurationEditor, l10n);
}

async function notifyRefusal(
  text: string,
  folder: WorkspaceFolder,
  editor: ConfigurationEditor,
  l10n: Translator,
): Promise<void> {
  const open = l10n.t('Open File');
  if ((await showError(text, open)) === open) await editor.open(folder);
}
