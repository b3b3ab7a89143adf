import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { FolderNames } from '../../../../src/core/server/folderNames.js';

const folders = (...paths: string[]) =>
  paths.map((path) => ({ key: `file://${path}`, name: path.slice(path.lastIndexOf('/') + 1) }));

describe('The names of workspace folders', () => {
  it('are distinguished by a number', () => {
    const names = new FolderNames().namesFor(folders('/a/web', '/a/api', '/b/web', '/c/web (2)', '/d/web'));
    assert.deepEqual(names, ['web', 'api', 'web (2)', 'web (2) (2)', 'web (3)']);
  });

  it('stay the same when a folder of the same name is inserted before', () => {
    const names = new FolderNames();
    assert.deepEqual(names.namesFor(folders('/a/web')), ['web']);
    assert.deepEqual(names.namesFor(folders('/b/web', '/a/web')), ['web (2)', 'web']);
    assert.deepEqual(names.namesFor(folders('/a/web', '/b/web')), ['web', 'web (2)']);
  });

  it('are not reused for another folder while servers of a removed one may run', () => {
    const names = new FolderNames();
    names.namesFor(folders('/a/web'));
    assert.deepEqual(names.namesFor(folders('/b/web')), ['web (2)']);
    assert.deepEqual(names.namesFor(folders('/b/web', '/a/web')), ['web (2)', 'web']);
  });

  it('contain neither a slash nor a colon, which would end them in an id', () => {
    const names = new FolderNames();
    const given = ['client: web', 'a/b', 'a:b'].map((name, index) => ({ key: `file:///${index}`, name }));
    assert.deepEqual(names.namesFor(given), ['client- web', 'a-b', 'a-b (2)']);
  });

  it('change with the name that the user gives', () => {
    const names = new FolderNames();
    names.namesFor([{ key: 'file:///a/web', name: 'web' }]);
    assert.deepEqual(names.namesFor([{ key: 'file:///a/web', name: 'main' }]), ['main']);
  });
});
