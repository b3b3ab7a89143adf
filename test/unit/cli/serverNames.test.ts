import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { serverNamed } from '../../../src/cli/windows/serverNames.js';

const servers = [
  { id: 'shop:dev', name: 'shop: dev', folder: '/shop', isMain: true },
  { id: 'shop:storybook', name: 'shop: storybook', folder: '/shop' },
  { id: 'shop/apps/api:dev', name: 'apps/api: dev', folder: '/shop/apps/api', isMain: true },
  { id: 'shop/apps/api:start', name: 'apps/api: start', folder: '/shop/apps/api' },
  { id: 'shop/tools/api:serve', name: 'tools/api: serve', folder: '/shop/tools/api', isMain: true },
  { id: 'shop/apps/web:start', name: 'web: start', folder: '/shop/apps/web' },
  { id: 'shop/apps/web:dev:https', name: 'web: dev:https', folder: '/shop/apps/web', isMain: true },
  { id: 'docs', name: 'docs', folder: '/shop/apps/web' },
];

/** Returns the id, or the text of the error. */
function named(name: string | undefined, cwd = '/elsewhere'): string {
  try {
    return serverNamed(name, servers, cwd);
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a name on the command line means', () => {
  it.each([
    ['shop/apps/api:start', 'shop/apps/api:start'],
    ['apps/api:start', 'shop/apps/api:start'],
    ['storybook', 'shop:storybook'],
    ['web: start', 'shop/apps/web:start'],
    ['docs', 'docs'],
  ])('the server of that id, script or title: %s', (name, id) => {
    assert.equal(named(name), id);
  });

  it.each([
    ['apps/api', 'shop/apps/api:dev'],
    ['shop/apps/api', 'shop/apps/api:dev'],
    ['web', 'shop/apps/web:dev:https'],
    ['shop', 'shop:dev'],
  ])('the main server of that package: %s', (name, id) => {
    assert.equal(named(name), id);
  });

  it('the script of the current folder before those of others', () => {
    assert.equal(named('start', '/shop/apps/api'), 'shop/apps/api:start');
    assert.match(named('start'), /^More than one server is called "start":\n {2}shop\/apps\/api:start\n/u);
  });

  it('nothing if several packages have that name, or none', () => {
    assert.equal(
      named('api'),
      'More than one server is called "api":\n  shop/apps/api:dev\n  shop/tools/api:serve',
    );
    for (const name of ['pi', 'apps', '']) assert.match(named(name), /^There is no server ".*"/u);
  });
});

describe('a call without a name means', () => {
  it('the only server of the current folder, or its main one', () => {
    assert.equal(named(undefined, '/shop/tools/api'), 'shop/tools/api:serve');
    assert.equal(named(undefined, '/shop/apps/web'), 'shop/apps/web:dev:https');
    assert.equal(named(undefined, '/shop'), 'shop:dev');
  });

  it('nothing in a folder without servers, if there are several elsewhere', () => {
    assert.match(named(undefined), /^Specify one of these servers:\n {2}shop:dev\n/u);
  });
});
