import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import { FileChanges } from '../../../../src/vscode/workspace/fileChanges.js';
import { editor, fileUri } from '../support/fakeEditor.js';

const always = (): boolean => true;

/** The changed paths of each folder of the window, or `all`. */
function taken(changes: FileChanges): Record<string, string> {
  const changesIn = changes.take();
  return Object.fromEntries(
    editor.folders.map((folder) => [folder.name, [...(changesIn(folder) ?? ['all'])].join(' ')]),
  );
}

describe('the changes of files', () => {
  beforeEach(() => editor.reset('shop', 'shop/web', 'shopping'));

  it('belong to every workspace folder that contains the file, and to no folder with a longer name', () => {
    const changes = new FileChanges();
    assert.equal(changes.add(fileUri('/shop/web/package.json'), always), true);
    assert.equal(changes.add(fileUri('/elsewhere/package.json'), always), false);
    assert.deepEqual(taken(changes), { shop: 'web/package.json', 'shop/web': 'package.json', shopping: '' });
  });

  it('are returned once', () => {
    const changes = new FileChanges();
    changes.addAll();
    const all = { shop: 'all', 'shop/web': 'all', shopping: 'all' };
    const none = { shop: '', 'shop/web': '', shopping: '' };
    assert.deepEqual([taken(changes), taken(changes)], [all, none]);
  });

  it('are recorded only for folders to which they matter, and never by a query', () => {
    const changes = new FileChanges();
    const inShop = (_path: string, { name }: { readonly name: string }): boolean => name === 'shop';
    const uri = fileUri('/shop/web/package.json');
    assert.deepEqual([changes.wouldAdd(uri, inShop), changes.wouldAdd(uri, () => false)], [true, false]);
    assert.deepEqual(taken(changes), { shop: '', 'shop/web': '', shopping: '' });
    changes.add(uri, inShop);
    assert.deepEqual(taken(changes), { shop: 'web/package.json', 'shop/web': '', shopping: '' });
  });

  it('trigger a new search if there are more than 500 in a folder', () => {
    const changes = new FileChanges();
    for (let file = 0; file < 501; file += 1) changes.add(fileUri(`/shopping/${file}`), always);
    changes.add(fileUri('/shop/a'), always);
    assert.deepEqual(taken(changes), { shop: 'a', 'shop/web': '', shopping: 'all' });
  });
});
