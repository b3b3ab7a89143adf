import { Range, Uri, window, workspace } from 'vscode';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { definitionPlace } from '../../core/server/definitionLine.js';
import type { Translator } from '../../core/common.js';
import { showInformation } from '../display/messages.js';
import { showServersSetting } from '../settings.js';
import { folderNamed } from '../workspace/workspaceFolders.js';

/** Opens the file that defines a server, and selects the server in it. */
export async function goToDefinition(definition: ServerDefinition, l10n: Translator): Promise<void> {
  const folder = folderNamed(definition.folder);
  if (folder && definition.source === 'settings') return showServersSetting(folder);
  if (!folder || definition.file === undefined) {
    void showInformation(l10n.t('{0} is not defined in a file.', serverTitle(definition)));
    return;
  }
  const document = await workspace.openTextDocument(Uri.joinPath(folder.uri, definition.file));
  const place = definitionPlace(document.getText(), definition);
  const selection = place && new Range(place.line, place.column, place.line, place.column + place.length);
  await window.showTextDocument(document, selection ? { selection } : {});
}
