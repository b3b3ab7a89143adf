import { dirname, join } from 'node:path';
import { Uri, window } from 'vscode';
import type { Translator } from '../core/common.js';
import { maxConfigurationBytes } from '../discovery/files/limits.js';
import { makeFolders } from '../host/system/privateFolder.js';
import { readTextFile } from '../host/system/readTextFile.js';
import { replaceSharedFile } from '../host/system/replaceFile.js';
import { clientFiles, MergeError, withServer, type ClientFile } from '../mcp/bridge/clientFiles.js';
import type { NodeCommand } from '../mcp/bridge/mcpCommand.js';
import { showError, showInformation } from '../vscode/display/messages.js';
import { pickItem, pickWorkspaceFolder } from '../vscode/display/picks.js';
import { errorMessage } from '../core/errorMessage.js';

/**
 * Asks which client is meant, and writes the MCP server into its file in a workspace folder. Keeps everything else in
 * the file. Shows the file, or the reason why it was not changed.
 */
export async function writeMcpConfiguration(
  node: NodeCommand,
  args: readonly [launcher: string, ...others: string[]],
  l10n: Translator,
): Promise<void> {
  const items = clientFiles.map((file) => ({ label: file.path, description: file.clients, file }));
  const chosen = await pickItem(items, l10n.t('Write the MCP configuration of which client?'));
  if (!chosen) return;
  const folder = await pickWorkspaceFolder(l10n.t('Select a workspace folder'));
  if (!folder) return;
  const path = join(folder.uri.fsPath, chosen.file.path);
  try {
    const isChanged = await mergeInto(path, chosen.file, node, args);
    await window.showTextDocument(Uri.file(path), { preview: true });
    void showInformation(
      isChanged
        ? l10n.t(
            'The dev servers were added to {0}. Its paths are valid only on this machine.',
            chosen.file.path,
          )
        : l10n.t('{0} already contains the dev servers.', chosen.file.path),
    );
  } catch (error) {
    void showError(refusalText(error, chosen.file, l10n));
  }
}

/** Returns whether the file has changed. */
async function mergeInto(
  path: string,
  file: ClientFile,
  node: NodeCommand,
  args: readonly [launcher: string, ...others: string[]],
): Promise<boolean> {
  const content = await readTextFile(path, maxConfigurationBytes);
  if (content.kind === 'notFile' || content.kind === 'tooLarge') throw new MergeError('invalid');
  const text = content.kind === 'text' ? content.text : undefined;
  const merged = withServer(text, file, node, args);
  if (merged === text) return false;
  await makeFolders(dirname(path));
  await replaceSharedFile(path, merged);
  return true;
}

function refusalText(error: unknown, { path }: ClientFile, l10n: Translator): string {
  if (error instanceof MergeError && error.reason === 'foreignEntry')
    return l10n.t('{0} was not changed: it already has another entry named "dev-servers".', path);
  if (error instanceof MergeError) return l10n.t('{0} was not changed: it is not valid.', path);
  return l10n.t('{0} was not changed: {1}', path, errorMessage(error));
}
