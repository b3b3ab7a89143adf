import { commands, workspace, type WorkspaceFolder } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import type { ConfigurationEditor } from '../configuration/configurationEditor.js';
import { folderNamed } from '../workspace/workspaceFolders.js';
import { pickServer, type PickDeps } from './serverPick.js';
import type { TreeElement } from '../tree/serverTree.js';
import { showServersSetting } from '../settings.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';
import { showInformation, showError } from '../display/messages.js';
import { pickWorkspaceFolder } from '../display/picks.js';

export interface ConfigurationCommandDeps extends PickDeps {
  readonly registry: Registry;
  readonly configurationEditor: ConfigurationEditor;
}

type Target = TreeElement | ServerId | undefined;

/** Opens the configuration of a server, or the configuration file of a folder. */
export async function configure(target: Target, deps: ConfigurationCommandDeps): Promise<void> {
  const record = targetRecord(target, deps.registry);
  if (!record) return configureFolder(target, deps);
  const { definition } = record;
  const folder = folderNamed(definition.folder);
  if (!folder) return;
  if (definition.source === 'settings') return showServersSetting(folder);
  if (definition.source === 'configuration') return deps.configurationEditor.show(folder, definition);
  await offerToSave(definition, folder, deps);
}

/** Writes a discovered server to the configuration file of its folder. */
export async function saveAsConfiguration(target: Target, deps: ConfigurationCommandDeps): Promise<void> {
  const { registry, l10n } = deps;
  const discovered = registry.current.servers.filter(({ definition }) => isFromDiscovery(definition));
  const record =
    targetRecord(target, registry) ??
    (await pickServer(discovered, l10n.t('Select a server to customize'), deps));
  const folder = record && folderNamed(record.definition.folder);
  if (folder && record) await save(record.definition, folder, deps);
}

/** Opens the settings of the extension. */
export async function openSettings(): Promise<void> {
  await commands.executeCommand('workbench.action.openSettings', 'devServers.');
}

async function configureFolder(
  target: Target,
  { configurationEditor, l10n }: ConfigurationCommandDeps,
): Promise<void> {
  const name = typeof target === 'object' && target.kind !== 'server' ? target.id.split('/')[0] : undefined;
  const placeHolder = l10n.t('Select a workspace folder');
  const folder = (name === undefined ? undefined : folderNamed(name)) ?? (await pickFolder(placeHolder));
  if (folder) await configurationEditor.open(folder);
}

async function pickFolder(placeHolder: string): Promise<WorkspaceFolder | undefined> {
  const [only, ...others] = workspace.workspaceFolders ?? [];
  return others.length === 0 ? only : pickWorkspaceFolder(placeHolder);
}

async function offerToSave(
  definition: ServerDefinition,
  folder: WorkspaceFolder,
  deps: ConfigurationCommandDeps,
): Promise<void> {
  const { l10n } = deps;
  const saveButton = l10n.t('Customize…');
  const text = l10n.t(
    '{0} was detected automatically. Save it to dev-servers.json to customize it.',
    serverTitle(definition),
  );
  if ((await showInformation(text, saveButton)) === saveButton) await save(definition, folder, deps);
}

async function save(
  definition: ServerDefinition,
  folder: WorkspaceFolder,
  { configurationEditor, l10n }: ConfigurationCommandDeps,
): Promise<void> {
  if (definition.source === 'configuration') return configurationEditor.show(folder, definition);
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

function targetRecord(target: Target, registry: Registry): ServerRecord | undefined {
  const id = typeof target === 'string' ? target : target?.kind === 'server' ? target.id : undefined;
  return id === undefined ? undefined : registry.find(id);
}

function isFromDiscovery({ source }: ServerDefinition): boolean {
  return source !== 'settings' && source !== 'configuration';
}
