import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { commentsIn } from '../../../scripts/lib/comments.mjs';

describe('the comments of a source file', () => {
  it('are found alone and after code, with the lines on which they begin', () => {
    const source = ['const a = 1; // First.', '', '/** Second. */', 'const b = 2; /* Third. */'].join('\n');
    assert.deepEqual(commentsIn(source), [
      { line: 1, text: 'First.' },
      { line: 3, text: 'Second.' },
      { line: 4, text: 'Third.' },
    ]);
  });

  it('are joined over several lines', () => {
    const source = [
      '/**',
      ' * Returns',
      ' * something.',
      ' */',
      '// One',
      '// comment.',
      'run();',
      '// Another.',
    ];
    assert.deepEqual(commentsIn(source.join('\n')), [
      { line: 1, text: 'Returns something.' },
      { line: 5, text: 'One comment.' },
      { line: 8, text: 'Another.' },
    ]);
  });

  it('are joined only with comments on lines of their own', () => {
    const source = ['// Above.', 'run(); // Beside.', '// Below.', '/* Block. */', '// After it.'].join('\n');
    assert.deepEqual(
      commentsIn(source).map(({ text }) => text),
      ['Above.', 'Beside.', 'Below.', 'Block.', 'After it.'],
    );
  });

  it('are not found in strings', () => {
    assert.deepEqual(commentsIn(["const url = 'see // there';", 'const glob = "a /* b";'].join('\n')), []);
  });

  it('do not include directives for tools', () => {
    assert.deepEqual(
      commentsIn('// @ts-check\n\n// oxlint-disable-next-line no-console -- fine\nrun();'),
      [],
    );
  });
});
