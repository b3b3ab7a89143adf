import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import {
  askModally,
  showError,
  showInformation,
  showWarning,
} from '../../../../src/vscode/display/messages.js';
import { OutputLog } from '../../../../src/vscode/display/outputLog.js';
import { pickItem } from '../../../../src/vscode/display/picks.js';
import { createRow } from '../../../../src/vscode/display/rows.js';
import { StatusBar } from '../../../../src/vscode/display/statusBar.js';
import { PlainMarkdown } from '../../../../src/vscode/display/tooltip.js';
import { definition, english } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';

const hostile = '[Learn more](command:evil) $(error) \u202etxt.exe';
const plain = '[Learn more]\u2060(command:evil) $\u2060(error) \\u202etxt.exe';

describe('a text of the workspace is plain', () => {
  beforeEach(() => editor.reset('shop'));

  it('in notifications and their buttons', async () => {
    editor.answer = (_message, buttons) => buttons[0];
    const pressed = await Promise.all(
      [showInformation, showWarning, showError].map((show) => show(hostile, hostile)),
    );
    assert.deepEqual(
      [editor.messages, pressed],
      [
        [plain, plain, plain],
        [hostile, hostile, hostile],
      ],
    );
  });

  it('in questions', async () => {
    let detail: string | undefined;
    editor.answer = (_message, [button], shown) => {
      detail = shown;
      return button;
    };
    assert.equal(await askModally(hostile, [hostile, 'one\ntwo'], hostile), true);
    assert.deepEqual([editor.messages, detail], [[plain], `${plain}\none two`]);
  });

  it('in lists', async () => {
    const items = [
      { kind: 'separator', label: hostile },
      { icon: 'gear', label: hostile, description: hostile, value: 7 },
    ] as const;
    let shown: readonly unknown[] = [];
    editor.answer = (_message, offered) => {
      shown = offered;
      return offered[1];
    };
    assert.equal(await pickItem(items, hostile), items[1]);
    assert.deepEqual(shown, [
      { label: plain, kind: -1 },
      { label: `$(gear) ${plain}`, description: plain },
    ]);
  });

  it('in rows', () => {
    const { label, description, accessibilityInformation } = createRow({
      label: hostile,
      description: hostile,
      spoken: hostile,
    });
    assert.deepEqual([label, description, accessibilityInformation], [plain, plain, { label: plain }]);
  });

  it('in tooltips', () => {
    const { markdown } = new PlainMarkdown()
      .heading('a')
      .line('Folder', hostile)
      .line('Mail', 'a@b.example `x` www.example')
      .code(['\u202ea\tb']);
    assert.equal(
      markdown.value,
      `**a**\n\nFolder: ${plain}  \nMail: \`\` a@b.example \`x\` www.example \`\`  \n\n\`\`\`\n\\u202ea  b\n\`\`\`\n`,
    );
  });

  it('in the status bar', () => {
    const bar = new StatusBar('devServers.showMenu', english);
    const exit = { kind: 'code', code: 1 } as const;
    const crash = { kind: 'exit', exit, interrupted: false, tail: [], at: 0 } as const;
    const server = definition('a', { name: hostile, source: 'settings' });
    bar.draw({ servers: [{ definition: server, state: { kind: 'crashed', crash }, retired: false }] });
    const { text, tooltip, accessibilityInformation } = editor.statusBarItem;
    assert.deepEqual(
      [text, tooltip, accessibilityInformation.label],
      [`$(error) ${plain} crashed`, `${plain}, crashed (exit 1)`, `Dev servers: ${plain} crashed`],
    );
  });

  it('in the log, where none poses as an entry of its own', () => {
    const log = new OutputLog();
    log.info('a\u202e\u{e0041}\tb\r\n2026-01-01 00:00:00.000 [info] forged');
    log.error('It failed', 'why\n[error] forged');
    log.error('It failed', Object.assign(new Error(), { stack: 'Error: why\u200b\n    at f' }));
    assert.deepEqual(editor.messages, [
      'a\\u202e\\udb40\\udc41    b\n    2026-01-01 00:00:00.000 [info] forged',
      'It failed: why\n    [error] forged',
      'It failed: Error: why\\u200b\n        at f',
    ]);
  });
});
