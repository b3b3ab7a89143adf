import * as paths from 'node:path';
import { entryRange, exampleText, insertEntry } from '../discovery/configuration/configurationText.js';
import { savedEntry } from '../discovery/configuration/savedEntry.js';
import { unqualifiedId } from '../discovery/configuration/serverIds.js';
import type { ConfigurationFormat } from '../vscode/configuration/configurationEditor.js';
import type { Translator } from '../core/common.js';

/** Connects the editor with the parser of configuration files. */
export function configurationFormat(l10n: Translator): ConfigurationFormat {
  return {
    exampleText,
    withEntry: (text, definition, folder, format) =>
      insertEntry(text, savedEntry(definition, folder.uri.fsPath, paths), format, l10n),
    entryRange: (text, { folder, id }) => entryRange(text, unqualifiedId(folder, id)),
  };
}
