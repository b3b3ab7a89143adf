import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { substituteValues, type SubstitutedLine } from '../../../src/core/commandLine/substitute.js';

/** Substitutes `value` for every `@` of the line. */
function substituted(line: string, value: string): SubstitutedLine {
  const values = [...line.matchAll(/@/gu)].map(({ index }) => ({ text: '@', index, value }));
  return substituteValues(line, values, '/bin/sh');
}

describe('a value in a line for a shell', () => {
  it('is one unchanged word for a real shell, regardless of its content', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\0'));
    const nasty = fc.constantFrom(
      '$(exit 3)',
      '`exit 3`',
      '"; exit 3; "',
      "'; exit 3; '",
      '*',
      '~',
      '\\',
      '-n',
      '',
    );
    fc.assert(
      fc.property(fc.oneof(nasty, value), (text) => {
        const passed = substituted(`printf '<%s>' @ "@" '@' "it's @"`, text);
        const { stdout, status } = spawnSync('/bin/sh', ['-c', passed.line], {
          env: { ...process.env, ...passed.env },
          encoding: 'utf8',
        });
        assert.deepEqual([status, stdout], [0, `<${text}><${text}><${text}><it's ${text}>`]);
      }),
      { numRuns: 60 },
    );
  });

  it('is never executed, even if the quotation marks of the line were parsed wrongly', () => {
    for (const line of [
      `echo "$(echo "@")"`,
      'echo "$(echo @)"',
      'cat <<END\n@ "\nEND\n',
      'echo ${x:-"@"}',
    ]) {
      const passed = substituted(line, '$(exit 3)`exit 3`"; exit 3; \'; exit 3');
      const { status } = spawnSync('/bin/sh', ['-c', passed.line], {
        env: { ...process.env, ...passed.env },
      });
      assert.equal(status, 0, line);
    }
  });
});
