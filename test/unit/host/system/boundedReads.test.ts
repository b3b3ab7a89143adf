import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { Deferred } from '../../../../src/core/deferred.js';
import { BoundedReads } from '../../../../src/host/system/boundedReads.js';

const silent = /^SilentFileSystemError: The file system did not answer/;

describe('the reads of files', () => {
  it('are as many at a time as threads may be lost, in their order', async () => {
    const reads = new BoundedReads(60_000, 2);
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

  it('are given up when a file system does not answer, and the others go on', async () => {
    const reads = new BoundedReads(1, 2);
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

  it('are refused at once while no further thread may be lost, until one answers', async () => {
    const reads = new BoundedReads(1, 1);
    const hung = new Deferred<string>();
    const first = reads.run('/hung', () => hung.promise);
    const waiting = reads.run('/other', () => Promise.resolve('waited'));
    await Promise.all([assert.rejects(first, silent), assert.rejects(waiting, silent)]);
    await assert.rejects(
      reads.run('/other', () => assert.fail('it would lose the last thread')),
      silent,
    );
    hung.resolve('late');
    await hung.promise;
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await reads.run('/hung', () => Promise.resolve('again')), 'again');
  });

  it('of a silent folder take one thread, and are refused until it answers', async () => {
    const reads = new BoundedReads(1, 2);
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
