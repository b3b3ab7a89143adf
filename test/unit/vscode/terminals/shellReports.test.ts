import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ShellReportFilter } from '../../../../src/vscode/terminals/shellReports.js';

const filtered = (...chunks: string[]): string => {
  const filter = new ShellReportFilter();
  return chunks.map((chunk) => filter.push(chunk)).join('');
};

describe('output of a server that imitates a shell', () => {
  const bell = '\u0007';
  const reports = {
    'a folder, which the tab shows': `\u001b]633;P;Cwd=/tmp/$(error)${bell}`,
    'a command, which can be run again': '\u001b]633;E;rm -rf x\u001b\\',
    'the end of a command': `\u001b]133;D;1${bell}`,
    'a folder as an address': '\u001b]7;file:///evil\u001b\\',
    'a folder as on Windows': `\u001b]9;9;C:\\evil${bell}`,
    'a folder as in iTerm': `\u001b]1337;CurrentDir=/evil${bell}`,
    'eight bits': '\u009d633;P;Task=x\u009c',
    'zeros before the number': `\u001b]000633;P;Cwd=/evil${bell}`,
    'control characters in the number': `\u001b]\t6\u00003\n3\u001c;P;Cwd=/evil${bell}`,
    'control characters in a name': `\u001b]1337;Cur\u0001rentDir=/evil${bell}`,
    'very many zeros': `\u001b]${'0'.repeat(100)}633;P;Cwd=/evil${bell}`,
  };
  for (const [what, report] of Object.entries(reports)) {
    it(`is not shown: ${what}, wherever it is cut`, () => {
      const text = `a${report}b\u001b[1mc`;
      const shown = filtered(text).replace('\u001b\\', '');
      assert.equal(shown, 'ab\u001b[1mc');
      for (let cut = 0; cut <= text.length; cut += 1)
        assert.equal(filtered(text.slice(0, cut), text.slice(cut)).replace('\u001b\\', ''), shown);
      assert.equal(filtered(...text.split('')).replace('\u001b\\', ''), shown);
    });
  }

  it('is not shown with control characters after the escape character, of which a terminal executes each', () => {
    const text = `a\u001b\u0000\n${'\u007f'.repeat(100)}]633;P;Cwd=/evil${bell}b`;
    const shown = `a\u0000\n${'\u007f'.repeat(100)}b`;
    for (let cut = 0; cut <= text.length; cut += 1)
      assert.equal(filtered(text.slice(0, cut), text.slice(cut)), shown);
    assert.equal(filtered(...text.split('')), shown);
  });

  it('does not hide what follows a report that is aborted, or without an end', () => {
    assert.equal(filtered('\u001b]633;A\u0018b'), 'b');
    assert.equal(filtered('\u001b]633;A\u001b[1mb'), '\u001b[1mb');
    assert.equal(filtered('\u001b]633;A\u001b]633;B\u0007b'), 'b');
    assert.equal(filtered('a\u001b]633;', 'x'.repeat(1e6), '\u0007b'), 'ab');
  });

  it('is otherwise unchanged: links, titles, progress, pictures', () => {
    const text = `\u001b]8;;http://a\u0007a\u001b]8;;\u0007\u001b]0;title\u0007\u001b]9;4;1;50\u0007\u001b]1337;File=:AA\u0007\u001b]52;c;eA==\u0007\u001b]6;x\u0007\u001b[0m`;
    assert.equal(filtered(text), text);
    assert.equal(filtered(...text.split('')), text);
    assert.equal(filtered('a\u001b', '[0mb'), 'a\u001b[0mb');
  });
});
