import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { renameFile } from '../../../../src/host/system/replaceFile.js';

function failing(codes: string[]) {
  let calls = 0;
  const move = (): Promise<void> => {
    const code = codes[calls];
    calls += 1;
    return code === undefined ? Promise.resolve() : Promise.reject(Object.assign(new Error(code), { code }));
  };
  return { move, calls: () => calls };
}

describe('the rename of a file', () => {
  it('is tried again on Windows while another process has it open', async () => {
    const { move, calls } = failing(['EPERM', 'EACCES', 'EBUSY']);
    await renameFile('a', 'b', { move, isWindows: true });
    assert.equal(calls(), 4);
  });

  it('fails at once for another reason, and on other systems', async () => {
    for (const [code, isWindows] of [
      ['ENOENT', true],
      ['EPERM', false],
    ] as const) {
      const { move, calls } = failing([code]);
      await assert.rejects(renameFile('a', 'b', { move, isWindows }), { code });
      assert.equal(calls(), 1);
    }
  });
});
