import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { staticFiles } from '../../../../../src/discovery/parsers/pages/static.js';
import { factsOf, found } from '../../support/workspace.js';

const page = '<!doctype html>\n<html><head><script src="app.js"></script></head><body>Hello</body></html>\n';
const server = 'static files: editor serve.js';

describe('A page', () => {
  it('is served by the editor if nothing else serves it', () => {
    assert.deepEqual(found(staticFiles, { 'site/index.html': page, 'site/app.js': '' }), [
      `site/index.html › ${server} (in site, :8080)`,
    ]);
    assert.deepEqual(staticFiles.parse({ path: 'index.html', text: page }, factsOf({ 'index.html': page })), {
      servers: [
        {
          name: 'static files',
          command: { kind: 'argv', file: 'editor', args: ['serve.js'] },
          env: { AS_NODE: '1' },
          port: 8080,
        },
      ],
      problems: [],
    });
  });

  it('is not served without a static server', () => {
    assert.deepEqual(found(staticFiles, { 'index.html': page }, { staticServer: undefined as never }), []);
  });

  it('is the entry point of the pages below it', () => {
    assert.deepEqual(found(staticFiles, { 'index.html': page, 'about/index.html': page }), [
      `index.html › ${server} (:8080)`,
    ]);
  });

  it('is left to the project next to it', () => {
    for (const file of [
      'package.json',
      'vite.config.ts',
      'angular.json',
      'manage.py',
      'index.php',
      'Cargo.toml',
      'Gemfile',
      'Shop.csproj',
    ]) {
      assert.deepEqual(found(staticFiles, { 'index.html': page, [file]: '' }), [], file);
    }
  });

  it('in a folder of a project belongs to that project', () => {
    assert.deepEqual(
      found(staticFiles, {
        'package.json': '{}',
        'public/index.html': page,
        'src/index.html': page,
        'website/index.html': page,
      }),
      [`website/index.html › ${server} (in website, :8080)`],
    );
  });

  it('is left out in folders of build results and templates', () => {
    assert.deepEqual(
      found(staticFiles, {
        'dist/index.html': page,
        'coverage/lcov-report/index.html': page,
        'shop/templates/index.html': page,
        '.cache/index.html': page,
      }),
      [],
    );
  });

  it('is not a page that must be built first', () => {
    for (const text of [
      '<div id="root"></div><script type="module" src="/src/composition/extensionRuntime.tsx"></script>',
      '<script type="module" src="./main.ts"></script>',
      '<h1>{{ title }}</h1>',
      '{% extends "base.html" %}',
      '<link rel="icon" href="%PUBLIC_URL%/favicon.ico" />',
    ]) {
      assert.deepEqual(found(staticFiles, { 'index.html': text }), [], text);
    }
  });
});
