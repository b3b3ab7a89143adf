import assert from 'node:assert/strict';
import type { WorkspaceFolder } from 'vscode';
import { beforeEach, describe, it } from 'vitest';
import {
  ConfigurationProblems,
  type ReportedProblem,
} from '../../../../src/vscode/configuration/configurationProblems.js';
import { FakeTime } from '../../core/support/fakeTime.js';
import { editor, events, fileUri } from '../support/fakeEditor.js';

const path = '.vscode/dev-servers.json';

describe('the problems of configuration files', () => {
  beforeEach(() => editor.reset('shop', 'blog'));

  function world() {
    const time = new FakeTime();
    const problems = new ConfigurationProblems(path, time);
    const checked: string[] = [];
    problems.onEdited(({ name }, text) => checked.push(`${name}: ${text}`));
    problems.onClosed(({ name }) => checked.push(`${name} closed`));
    const [shop] = editor.folders;
    assert.ok(shop);
    return { time, problems, checked, shop };
  }

  /** The problems of the first folder as they are shown. */
  function shown(problems: ConfigurationProblems, folder: WorkspaceFolder, more: Partial<ReportedProblem>) {
    const problem = { reason: 'not valid', isWarning: false, isSchemaProblem: false, ...more };
    problems.show(folder, '{\n  "servers": 1\n}', [problem]);
    return editor.diagnostics
      .get(fileUri(`/shop/${path}`).toString())
      ?.map(({ message, range, severity }) => ({
        message,
        severity,
        from: [range.start.line, range.start.character],
        to: [range.end.line, range.end.character],
      }));
  }

  it('are updated 300 ms after the last change, from the text in the editor', async () => {
    const { time, checked } = world();
    const uri = fileUri(`/shop/${path}`);
    await editor.open(uri);
    for (const text of ['{', '{ "se', '{ "servers"']) {
      await editor.type(uri, text);
      await time.pass(200);
    }
    assert.deepEqual(checked, []);
    await time.pass(100);
    assert.deepEqual(checked, ['shop: { "servers"']);
  });

  it('are found for each folder separately, and for no other file', async () => {
    const { time, checked } = world();
    for (const file of [`/shop/${path}`, `/blog/${path}`, '/shop/package.json', `/elsewhere/${path}`]) {
      await editor.open(fileUri(file));
      await editor.type(fileUri(file), '{}');
    }
    await time.pass(300);
    assert.deepEqual(checked, ['shop: {}', 'blog: {}']);
  });

  it('are those of the file on disk again when the editor closes it', async () => {
    const { time, problems, checked, shop } = world();
    const uri = fileUri(`/shop/${path}`);
    await editor.open(uri);
    await editor.type(uri, '{');
    const text = problems.openText(shop);
    editor.close(uri);
    await time.pass(300);
    assert.deepEqual([text, problems.openText(shop), checked], ['{', undefined, ['shop closed']]);
  });

  it('are located at the text that they concern, as sentences', () => {
    const { problems, shop } = world();
    assert.deepEqual(shown(problems, shop, { range: { offset: 4, length: 9 } }), [
      { message: 'Not valid', severity: 0, from: [1, 2], to: [1, 11] },
    ]);
    assert.equal(
      shown(problems, shop, { range: { offset: 0, length: 1 }, isWarning: true })?.[0]?.severity,
      1,
    );
    assert.deepEqual(shown(problems, shop, {}), []);
  });

  it('are not shown twice while the editor itself checks the open file', async () => {
    const { problems, shop } = world();
    const form = { range: { offset: 4, length: 9 }, isSchemaProblem: true };
    const closed = shown(problems, shop, form)?.length;
    await editor.open(fileUri(`/shop/${path}`));
    assert.deepEqual([closed, shown(problems, shop, form)?.length], [1, 0]);
  });

  it('disappear with their folder, and with the window', async () => {
    const { time, problems, checked, shop } = world();
    shown(problems, shop, { range: { offset: 4, length: 9 } });
    events.folders.fire({ removed: [shop] });
    const left = editor.diagnostics.size;
    await editor.open(fileUri(`/shop/${path}`));
    problems.dispose();
    await time.pass(300);
    assert.deepEqual([left, checked], [0, []]);
  });
});
