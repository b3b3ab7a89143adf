import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { FolderNames } from '../../../../src/core/server/folderNames.js';

const folders = (...paths: string[]) =>
  paths.map((path) => ({ key: `file://${path}`, name: path.slice(path.lastIndexOf('/') + 1) }));

describe('The names of workspace folders', () => {
  it('are told apart by a number', () => {
    const names = new FolderNames().namesFor(folders('/a/web', '/a/api', '/b/web', '/c/web (2)', '/d/web'));
    assert.deepEqual(names, ['web', 'api', 'web (2)', 'web (2) (2)', 'web (3)']);
  });

  it('stay when a folder of the same name is put before', () => {
    const names = new FolderNames();
    assert.deepEqual(names.namesFor(folders('/a/web')), ['web']);
    assert.deepEqual(names.namesFor(folders('/b/web', '/a/web')), ['web (2)', 'web']);
    assert.deepEqual(names.namesFor(folders('/a/web', '/b/web')), ['web', 'web (2)']);
  });

  it('are not given to another folder while servers of a removed one may run on', () => {
    const names = new FolderNames();
    names.namesFor(folders('/a/web'));
    assert.deepEqual(names.namesFor(folders('/b/web')), ['web (2)']);
    assert.deepEqual(names.namesFor(folders('/b/web', '/a/web')), ['web (2)', 'web']);
  });

  it('contain neither a slash nor a colon, at which an id ends them', () => {
    const names = new FolderNames();
    const given = ['client: web', 'a/b', 'a:b'].map((name, index) => ({ key: `file:///${index}`, name }));
    assert.deepEqual(names.namesFor(given), ['client- web', 'a-b', 'a-b (2)']);
  });

  it('follow the name that a person gives', () => {
    const names = new FolderNames();
    names.namesFor([{ key: 'file:///a/web', name: 'web' }]);
    assert.deepEqual(names.namesFor([{ key: 'file:///a/web', name: 'main' }]), ['main']);
  });
});
