import assert from 'node:assert/strict';
import { commands, window, workspace, type TextEditor } from 'vscode';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import { until } from '../support/processes.js';
import { activeApi, stateOf, stopAll } from './support/servers.js';

const noisy = 'workspace:noisy';

/** Writes a colored line with a title and a clipboard sequence for each line that it reads. */
const script = `let line = 0;
  const write = () => console.log('\\u001b]0;title\\u0007\\u001b]52;c;aGk=\\u0007\\u001b[32mline ' + ++line + '\\u001b[0m');
  for (let count = 0; count < 200; count++) write();
  process.stdin.on('data', () => { for (let count = 0; count < 50; count++) write(); });`;

describe('the log of a server in the editor', () => {
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
    const command = `"${process.execPath}" -e "eval(Buffer.from('${Buffer.from(script).toString('base64')}', 'base64').toString())"`;
    await workspace.getConfiguration('devServers').update('servers', [{ id: 'noisy', command }], false);
    await commands.executeCommand('devServers.refresh');
    await commands.executeCommand('devServers.start', noisy);
    await stateOf(api, noisy, 'starting');
  });
  after(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await stopAll(api);
    await workspace.getConfiguration('devServers').update('servers', undefined, false);
    await commands.executeCommand('devServers.refresh');
  });

  it('is a document without control sequences, which follows the server', async () => {
    const editor = await shownLog();
    await until('the first lines', () => /^line 200$/mu.test(editor.document.getText()));
    await until('the end in sight', () => showsEnd(editor));
    window.terminals.find(({ name }) => name === 'noisy')?.sendText('more', true);
    await until('the further lines', () => /^line 250$/mu.test(editor.document.getText()));
    await until('the new end in sight', () => showsEnd(editor));
    const text = editor.document.getText();
    assert.deepEqual(
      text.split('\n').filter((line) => line.startsWith('line')),
      Array.from({ length: 250 }, (_, index) => `line ${index + 1}`),
    );
    // oxlint-disable-next-line no-control-regex -- none of these may be there
    assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|title|aGk=/u);
    assert.equal(editor.document.languageId, 'log');
  });

  it('does not scroll when the reader is not at its end', async () => {
    const editor = await shownLog();
    await commands.executeCommand('cursorTop');
    await until('the beginning in sight', () => editor.visibleRanges[0]?.start.line === 0);
    window.terminals.find(({ name }) => name === 'noisy')?.sendText('more', true);
    await until('the further lines', () => /^line 300$/mu.test(editor.document.getText()));
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(editor.visibleRanges[0]?.start.line, 0);
  });

  it('can be read after the server has ended', async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    await commands.executeCommand('devServers.stop', noisy);
    const editor = await shownLog();
    assert.match(editor.document.getText(), /^line 300$/mu);
  });
});

async function shownLog(): Promise<TextEditor> {
  await commands.executeCommand('devServers.showServerLog', noisy);
  const editor = window.activeTextEditor;
  assert.ok(editor, 'no editor is shown');
  assert.equal(editor.document.uri.scheme, 'dev-servers-log');
  return editor;
}

function showsEnd({ document, visibleRanges }: TextEditor): boolean {
  return visibleRanges.some(({ end }) => end.line >= document.lineCount - 2);
}
