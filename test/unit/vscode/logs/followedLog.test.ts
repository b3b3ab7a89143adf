import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { FollowedLog } from '../../../../src/vscode/logs/followedLog.js';
import { FakeTime } from '../../core/support/fakeTime.js';
import { FakeLogs } from './fakeLogs.js';

const owner = { path: '/shop', id: 'web' } as never;

describe('a log that is followed', () => {
  function world() {
    const logs = new FakeLogs();
    const time = new FakeTime();
    const errors: string[] = [];
    let changes = 0;
    const log = { info: () => undefined, error: (message: string) => void errors.push(message) };
    const followed = new FollowedLog(owner, { logs, log, clock: time, timer: time }, () => (changes += 1));
    return { logs, time, errors, followed, changes: () => changes };
  }

  it('begins with the end of the log, and then reads only what is new', async () => {
    const { logs, followed } = world();
    logs.text = 'one\ntwo\n';
    const texts = [await followed.read()];
    logs.write('three\nfo');
    texts.push(await followed.read());
    logs.write('ur\n');
    texts.push(await followed.read());
    assert.deepEqual(
      { texts, reads: logs.reads },
      {
        texts: ['one\ntwo\n', 'one\ntwo\nthree\nfo', 'one\ntwo\nthree\nfour\n'],
        reads: ['tail 524288', 'from 8', 'from 14'],
      },
    );
  });

  it('is empty while nothing was written', async () => {
    const { followed } = world();
    assert.equal(await followed.read(), '');
  });

  it('reads once for simultaneous calls', async () => {
    const { logs, followed } = world();
    logs.text = 'one\n';
    assert.deepEqual(await Promise.all([followed.read(), followed.read()]), ['one\n', 'one\n']);
    assert.equal(logs.reads.length, 1);
  });

  it('reports growth at once, and then not before four times as long as the editor took for it', async () => {
    const { logs, time, followed, changes } = world();
    logs.write('one\n');
    const seen = [changes()];
    await followed.read();
    await time.pass(50);
    followed.shown();
    logs.write('two\n');
    logs.write('three\n');
    await time.pass(199);
    seen.push(changes());
    await time.pass(1);
    seen.push(changes());
    assert.deepEqual(seen, [1, 1, 2]);
  });

  it('waits two seconds when the editor does not answer, since nothing has changed for it', async () => {
    const { logs, time, followed, changes } = world();
    await followed.read();
    logs.write('one\n');
    await time.pass(1999);
    const before = changes();
    await time.pass(1);
    assert.deepEqual([before, changes()], [0, 1]);
  });

  it('reports no change after a pause in which nothing was written', async () => {
    const { time, followed, changes } = world();
    await followed.read();
    await time.pass(10_000);
    assert.equal(changes(), 0);
  });

  it('starts over with the last 64 KiB when it cannot keep up, or the next part is gone', async () => {
    const { logs, followed } = world();
    logs.text = 'one\n';
    await followed.read();
    logs.maxBytes = 10;
    logs.text += 'a flood of\n'.repeat(3);
    await followed.read();
    logs.text += 'lost\n';
    logs.keptFrom = logs.text.length;
    logs.text += 'later\n';
    assert.equal(await followed.read(), 'later\n');
    assert.deepEqual(
      { reads: logs.reads, start: followed.start },
      { reads: ['tail 524288', 'from 4', 'tail 65536', 'from 37', 'tail 65536'], start: 42 },
    );
  });

  it('starts over when it has grown to two mebibytes', async () => {
    const { logs, followed } = world();
    logs.maxBytes = 4 * 1024 * 1024;
    logs.text = `${'x'.repeat(1023)}\n`;
    await followed.read();
    logs.text += `${'x'.repeat(1023)}\n`.repeat(2048);
    const text = await followed.read();
    assert.deepEqual([text.length, followed.start > 0], [512 * 1024, true]);
  });

  it('keeps its text when the log cannot be read, and reports this in the log of the extension', async () => {
    const { logs, errors, followed } = world();
    logs.text = 'one\n';
    await followed.read();
    logs.failure = new Error('EIO');
    assert.deepEqual([await followed.read(), errors.length], ['one\n', 1]);
  });

  it('follows nothing once disposed of', async () => {
    const { logs, time, followed, changes } = world();
    await followed.read();
    logs.write('one\n');
    followed.dispose();
    await time.pass(10_000);
    assert.deepEqual([logs.listeners.size, changes(), time.waits], [0, 0, []]);
  });
});
