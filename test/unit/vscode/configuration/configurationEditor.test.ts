import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { ConfigurationEditor } from '../../../../src/vscode/configuration/configurationEditor.js';
import { definition, english } from '../../core/support/fakes.js';
import { editor, fileUri } from '../support/fakeEditor.js';

it('a configuration file that the editor does not change is not taken for changed', async () => {
  editor.reset();
  const path = mkdtempSync(join(tmpdir(), 'dev-servers-editor-'));
  writeFileSync(join(path, 'dev-servers.json'), '{}');
  const range = { offset: 0, length: 0 };
  const format = { exampleText: () => '', withEntry: () => ({ edits: [], range }), entryRange: () => range };
  const files = new ConfigurationEditor('dev-servers.json', () => Promise.resolve(format), english);
  const folder = { uri: fileUri(path), name: 'shop', index: 0 };
  assert.deepEqual(
    [await files.add(folder, definition('a')), editor.shownDocuments],
    ['The editor refused the change', []],
  );
  rmSync(path, { recursive: true });
});
