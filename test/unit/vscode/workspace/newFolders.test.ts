import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Uri } from 'vscode';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { isFolder } from '../../../../src/host/system/boundedReads.js';
import { NewFolders } from '../../../../src/vscode/workspace/newFolders.js';
import { until } from '../../../support/processes.js';
import { FakeTime } from '../../core/support/fakeTime.js';
import { FakeWatcher, fileUri } from '../support/fakeEditor.js';

describe('new folders', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'new-folders-'));
    await mkdir(join(root, 'web'));
    await mkdir(join(root, 'node_modules'));
    await writeFile(join(root, 'package.json'), '{}');
  });
  afterAll(() => rm(root, { recursive: true }));

  function world() {
    const time = new FakeTime();
    const watcher = new FakeWatcher('**');
    const reported: (readonly string[] | undefined)[] = [];
    const folders = new NewFolders({
      watcher: { onDidCreate: watcher.created.event, onDidChange: watcher.changed.event },
      timer: time,
      isFolder,
      mayMatter: ({ path }: Uri) => !path.endsWith('node_modules'),
      onFolders: (found) => reported.push(found?.map(({ path }) => basename(path))),
    });
    const appear = (...names: string[]): void => {
      for (const name of names) watcher.created.fire(fileUri(join(root, name)));
    };
    return { time, watcher, reported, folders, appear };
  }

  it('are reported together, without files and irrelevant paths', async () => {
    const { time, watcher, reported, appear } = world();
    appear('package.json', 'node_modules', 'gone');
    await time.pass(40);
    // A folder that is removed and created at once is reported as changed.
    watcher.changed.fire(fileUri(join(root, 'web')));
    await time.pass(10);
    await until('the report', () => reported.length > 0);
    assert.deepEqual(reported, [['web']]);
  });

  it('are not checked one by one when more than 200 appear at once', async () => {
    const { time, reported, appear } = world();
    appear(...Array.from({ length: 201 }, (_, index) => `folder${index}`));
    await time.pass(50);
    assert.deepEqual(reported, [undefined]);
  });

  it('are not reported once disposed of', async () => {
    const { time, reported, folders, appear } = world();
    appear('web');
    folders.dispose();
    appear('web');
    assert.deepEqual({ waits: time.waits, reported }, { waits: [], reported: [] });
  });
});
