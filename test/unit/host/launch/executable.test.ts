import assert from 'node:assert/strict';
import { basename, delimiter, dirname } from 'node:path';
import { it } from 'vitest';
import { findProgram, requireFolder, requireFound } from '../../../../src/host/launch/executable.js';
import { BoundedReads } from '../../../../src/host/system/boundedReads.js';

it('a folder that does not answer is named when a server runs in it, and passed over when programs are searched', async () => {
  let isLate = true;
  const silent = new BoundedReads({
    maxReads: 2,
    isAnswered: async (settled) => {
      if (!isLate) await settled;
      return !isLate;
    },
  });
  await assert.rejects(silent.run('/silent', () => new Promise<never>(() => undefined)));
  isLate = false;
  await assert.rejects(requireFolder('/silent/app', silent), {
    reason: 'spawnFailed',
    message: 'The file system does not respond: /silent/app.',
  });
  const search = {
    cwd: '/',
    env: { PATH: ['/silent/bin', dirname(process.execPath)].join(delimiter) },
    endings: [''],
  };
  const expected = { kind: 'found', path: process.execPath };
  assert.deepEqual(await findProgram(basename(process.execPath), search, silent), expected);
  for (const [file, message] of [
    ['/silent/bin/x', 'The file system does not respond: /silent/bin/x.'],
    ['x', 'Command not found on the PATH: x. The file system does not respond: /silent/bin.'],
    ['/x', 'Command not found: /x.'],
  ] as const) {
    const program = await findProgram(file, search, silent);
    assert.throws(() => requireFound(file, program), { reason: 'spawnFailed', message });
  }
});
