import assert from 'node:assert/strict';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { it } from 'vitest';
import { findProgram, requireFolder, requireFound } from '../../../../src/host/launch/executable.js';
import { BoundedReads } from '../../../../src/host/system/boundedReads.js';

it('a folder that does not answer is named when a server runs in it, and passed over when programs are searched', async () => {
  const folder = resolve('/silent');
  const [app, bin, missing] = [join(folder, 'app'), join(folder, 'bin'), resolve('/x')];
  let isLate = true;
  const silent = new BoundedReads({
    maxReads: 2,
    isAnswered: async (settled) => {
      if (!isLate) await settled;
      return !isLate;
    },
  });
  await assert.rejects(silent.run(folder, () => new Promise<never>(() => undefined)));
  isLate = false;
  await assert.rejects(requireFolder(app, silent), {
    reason: 'spawnFailed',
    message: `The file system does not respond: ${app}.`,
  });
  const search = {
    cwd: '/',
    env: { PATH: [bin, dirname(process.execPath)].join(delimiter) },
    endings: [''],
  };
  const expected = { kind: 'found', path: process.execPath };
  assert.deepEqual(await findProgram(basename(process.execPath), search, silent), expected);
  for (const [file, message] of [
    [join(bin, 'x'), `The file system does not respond: ${join(bin, 'x')}.`],
    ['x', `Command not found on the PATH: x. The file system does not respond: ${bin}.`],
    [missing, `Command not found: ${missing}.`],
  ] as const) {
    const program = await findProgram(file, search, silent);
    assert.throws(() => requireFound(file, program), { reason: 'spawnFailed', message });
  }
});
