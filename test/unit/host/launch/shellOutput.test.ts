import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ShellOutput } from '../../../../src/host/launch/shellCommand.js';

describe('the output of a shell that prints its environment', () => {
  const whole = 'Welcome!\nMARK\n--no-warnings\nMARK{"A":"b"}MARK\n';

  it('is complete with its third mark, however it is cut', () => {
    const end = whole.lastIndexOf('MARK') + 'MARK'.length;
    for (let size = 1; size <= whole.length; size += 1) {
      const output = new ShellOutput('MARK');
      let at = 0;
      while (!output.isComplete && at < whole.length) output.add(whole.slice(at, (at += size)));
      assert.equal(output.text, whole.slice(0, Math.ceil(end / size) * size), `parts of ${size}`);
    }
  });

  it('is not complete by parts of marks', () => {
    const output = new ShellOutput('MARK');
    for (const part of ['MAR', 'MARK', 'ARK', 'MARK', 'M', 'A', 'R']) output.add(part);
    assert.equal(output.isComplete, false);
    output.add('K');
    assert.equal(output.isComplete, true);
  });
});
