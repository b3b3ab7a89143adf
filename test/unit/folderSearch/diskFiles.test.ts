import assert from 'node:assert/strict';
import type { Dirent } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'vitest';
import { Deferred } from '../../../src/core/deferred.js';
import { diskFiles } from '../../../src/folderSearch/diskFiles.js';

const entry = (name: string, isFolder: boolean): Dirent =>
  ({ name, isDirectory: () => isFolder, isFile: () => !isFolder }) as Dirent;

describe('the search of a folder on the disk', () => {
  it('waits for all silent folders together, and continues meanwhile', async () => {
    const root = resolve('/root');
    const silent = Array.from({ length: 20 }, (_, index) => `silent${index}`);
    const [answer, reached] = [new Deferred(), new Deferred()];
    const begun = new Set<string>();
    const entriesOf = async (path: string): Promise<readonly Dirent[]> => {
      begun.add(path);
      if (begun.size === silent.length + 3) reached.resolve();
      if (path === root) return [...silent, 'apps'].map((name) => entry(name, true));
      if (path === join(root, 'apps')) return [entry('web', true)];
      if (path === join(root, 'apps', 'web')) return [entry('package.json', false)];
      await answer.promise;
      return [entry('package.json', false)];
    };
    const search = diskFiles(root, { entriesOf, slowMs: 1 }).search(['package.json']);
    await reached.promise;
    assert.equal(begun.has(join(root, 'apps', 'web')), true);
    answer.resolve();
    const found = silent.map((name) => `${name}/package.json`);
    assert.deepEqual((await search).toSorted(), ['apps/web/package.json', ...found].toSorted());
  });
});
