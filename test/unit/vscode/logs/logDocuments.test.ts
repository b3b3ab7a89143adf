import assert from 'node:assert/strict';
import { workspace, type TextDocument } from 'vscode';
import { beforeEach, describe, it } from 'vitest';
import { documentSchemes } from '../../../../src/vscode/logs/documentSchemes.js';
import { LogDocuments } from '../../../../src/vscode/logs/logDocuments.js';
import { FakeTime, settled } from '../../core/support/fakeTime.js';
import { definition, english, world as registryWorld } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';
import { FakeLogs } from './fakeLogs.js';

const web = definition('shop/web');

describe('the documents of logs', () => {
  beforeEach(() => editor.reset('shop'));

  async function world() {
    const { registry } = await registryWorld();
    await registry.define([web]);
    const logs = new FakeLogs();
    const time = new FakeTime();
    const documents = new LogDocuments({
      logs,
      registry,
      definitions: { whenScanned: () => Promise.resolve() },
      l10n: english,
      log: { info: () => undefined, error: () => undefined },
      clock: time,
      timer: time,
    });
    workspace.registerTextDocumentContentProvider(documentSchemes.logs, documents);
    return { logs, time, documents };
  }

  /** The document that was shown last, and the line that is selected in it. */
  function shown(): { readonly document: TextDocument; readonly line: number | undefined } {
    const last = editor.shownDocuments.at(-1);
    assert.ok(last, 'no document is shown');
    return { document: last.document, line: last.options.selection?.start.line };
  }

  it('are shown at their end, and follow what is written', async () => {
    const { logs, time, documents } = await world();
    logs.text = 'one\ntwo\n';
    await documents.show(web);
    const { document, line } = shown();
    await time.pass(2000);
    logs.write('three\n');
    await settled();
    assert.deepEqual([line, document.getText()], [2, 'one\ntwo\nthree\n']);
  });

  it('have short names that show hidden characters, and that a URI can contain', async () => {
    const { documents } = await world();
    await documents.show({ ...web, title: `a/b \ud800\n\u202e$(flame) ${'long '.repeat(30)}end` });
    const { path } = shown().document.uri;
    assert.match(path, /^\/a b \\ud800 \\u202e\$\u2060\(flame\) [^/]{50,80} end\.log$/u);
    // Throws for a half of a surrogate pair, as the editor does.
    encodeURIComponent(path);
  });

  it('are empty once the log is cleared, and follow later output', async () => {
    const { logs, time, documents } = await world();
    logs.text = 'one\ntwo\n';
    await documents.show(web);
    const { document } = shown();
    await time.pass(2000);
    await documents.clear(web);
    await settled();
    const cleared = document.getText();
    await time.pass(2000);
    logs.write('three\n');
    await settled();
    assert.deepEqual([cleared, document.getText()], ['', 'three\n']);
  });

  it('keep the end visible in editors that show it, and do not scroll others', async () => {
    const { logs, time, documents } = await world();
    logs.text = 'one\ntwo\n';
    await documents.show(web);
    const { document } = shown();
    const revealed: string[] = [];
    const view = (name: string, lastLine: number) => ({
      document,
      visibleRanges: [{ end: { line: lastLine } }],
      revealRange: ({ end }: { readonly end: { readonly line: number } }) =>
        revealed.push(`${name} ${end.line}`),
    });
    editor.visibleEditors = [view('reads', 0), view('follows', 2)] as never;
    await time.pass(2000);
    logs.write('three\n');
    await settled();
    assert.deepEqual(revealed, ['follows 3']);
  });

  it('are shown at the line of an offset', async () => {
    const { logs, documents } = await world();
    logs.text = 'one\ntwo\nthree\n';
    await documents.showAt(web, 'one\n'.length);
    assert.equal(shown().line, 1);
    await documents.showAt(web, 0);
    assert.equal(shown().line, 0);
  });

  it('show an earlier part in a document of its own', async () => {
    const { logs, documents } = await world();
    logs.text = Array.from({ length: 50_000 }, (_, line) => `line ${line} of the log\n`).join('');
    const offset = logs.text.indexOf('line 20000 ');
    await documents.showAt(web, offset);
    const { document, line = 0 } = shown();
    assert.equal(document.getText().split('\n')[line], 'line 20000 of the log');
    assert.notEqual(document.getText(), '');
  });

  it('are no longer watched when the editor has closed them', async () => {
    const { logs, documents } = await world();
    await documents.show(web);
    const watching = logs.listeners.size;
    editor.close(shown().document.uri);
    assert.deepEqual([watching, logs.listeners.size], [1, 0]);
  });

  it('say that a server no longer exists, for example after a restart of the editor', async () => {
    const { logs, documents } = await world();
    await documents.show(definition('shop/gone'));
    assert.match(shown().document.getText(), /shop\/gone/u);
    assert.equal(logs.listeners.size, 0);
  });
});
