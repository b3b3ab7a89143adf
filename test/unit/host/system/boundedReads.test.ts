import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { Deferred } from '../../../../src/core/deferred.js';
import { BoundedReads } from '../../../../src/host/system/boundedReads.js';

const silent = /^SilentFileSystemError: The file system did not answer/;

describe('the reads of files', () => {
  it('run as many at a time as threads may be blocked, in order', async () => {
    const reads = new BoundedReads({ maxReads: 2 });
    const files = ['a', 'b', 'c'].map(() => new Deferred<string>());
    const begun: number[] = [];
    const results = files.map((file, index) =>
      reads.run(`/${index}`, () => {
        begun.push(index);
        return file.promise;
      }),
    );
    await Promise.resolve();
    assert.deepEqual(begun, [0, 1]);
    files[1]?.resolve('second');
    assert.equal(await results[1], 'second');
    files[2]?.resolve('third');
    assert.equal(await results[2], 'third');
    files[0]?.resolve('first');
    assert.equal(await results[0], 'first');
  });

  it('are given up when a file system does not answer, and others continue', async () => {
    const reads = new BoundedReads({ maxMs: 1, maxReads: 2 });
    await assert.rejects(
      reads.run('/silent', () => new Promise(() => undefined)),
      silent,
    );
    assert.equal(await reads.run('/other', () => Promise.resolve('other')), 'other');
    await assert.rejects(
      reads.run('/other', () => Promise.reject(new Error('no such file'))),
      /no such file/,
    );
  });

  it('of other folders continue one by one, after a probe, while only one thread is left', async () => {
    const probed: string[] = [];
    const reads = new BoundedReads({
      maxMs: 50,
      maxReads: 3,
      isPathAnswered: (path) => {
        probed.push(path);
        return Promise.resolve(!path.startsWith('/silent'));
      },
    });
    const hung = new Deferred<string>();
    const silentFolders = ['/silent1', '/silent2', '/silent3'];
    await Promise.all(
      silentFolders.map((path) =>
        assert.rejects(
          reads.run(path, () => hung.promise),
          silent,
        ),
      ),
    );
    let running = 0;
    const read = async (): Promise<string> => {
      running += 1;
      assert.equal(running, 1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return 'text';
    };
    const texts = await Promise.all(['/a', '/b', '/c'].map((path) => reads.run(path, read)));
    assert.deepEqual(texts, ['text', 'text', 'text']);
    for (const path of ['/silent4', '/silent4/app', '/silent1/app'])
      await assert.rejects(
        reads.run(path, () => assert.fail('it would lose the last thread')),
        silent,
      );
    assert.deepEqual(probed, ['/a', '/b', '/c', '/silent4']);
    assert.equal(reads.isReading, true);
    hung.resolve('late');
    await hung.promise;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(reads.isReading, false);
    assert.equal(await reads.run('/d', read), 'text');
    assert.deepEqual(probed.length, 4);
  });

  it('do not wait until slow ones are given up', async () => {
    const reads = new BoundedReads({
      maxReads: 1,
      probeAfterMs: 1,
      isPathAnswered: () => Promise.resolve(true),
    });
    const slow = new Deferred<string>();
    const first = reads.run('/slow', () => slow.promise);
    assert.equal(await reads.run('/other', () => Promise.resolve('other')), 'other');
    slow.resolve('slow');
    assert.equal(await first, 'slow');
  });

  it.for([
    ['where paths cannot be probed', undefined],
    ['when the last thread is lost after all', true],
  ] as const)(
    'are refused while no further thread may be lost, until one answers: %s',
    async ([, isAnswered]) => {
      const reads = new BoundedReads({
        maxMs: 1,
        maxReads: 1,
        isPathAnswered: () => Promise.resolve(isAnswered),
      });
      const hung = new Deferred<string>();
      const first = reads.run('/hung', () => hung.promise);
      const waiting = reads.run('/other', () => hung.promise);
      await Promise.all([assert.rejects(first, silent), assert.rejects(waiting, silent)]);
      await assert.rejects(
        reads.run('/third', () => assert.fail('it would lose a thread')),
        silent,
      );
      hung.resolve('late');
      await hung.promise;
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(await reads.run('/hung', () => Promise.resolve('again')), 'again');
    },
  );

  it('of a silent folder take one thread, and are refused until it answers', async () => {
    const reads = new BoundedReads({ maxMs: 1, maxReads: 2 });
    const hung = new Deferred<string>();
    const first = reads.run('/mount', () => hung.promise);
    const second = reads.run('/mount', () => assert.fail('it would lose the last thread'));
    await Promise.all([assert.rejects(first, silent), assert.rejects(second, silent)]);
    for (const path of ['/mount', '/mount/app/.env'])
      await assert.rejects(
        reads.run(path, () => assert.fail('it would lose the last thread')),
        silent,
      );
    assert.equal(await reads.run('/mounted', () => Promise.resolve('beside')), 'beside');
    hung.resolve('late');
    await hung.promise;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await reads.run('/mount/app/.env', () => Promise.resolve('again')), 'again');
  });
});
