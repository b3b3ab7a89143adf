import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { commandText, serverTitle } from '../../../../src/core/server/definition.js';
import { definition } from '../support/fakes.js';
import { isSameServer, serverKey } from '../../../../src/core/server/identity.js';

describe('a server', () => {
  it('has a title from package and script, or from its folder without a package, or its own name', () => {
    const titles = [
      definition('dev', { subfolder: 'apps/web' }),
      definition('dev', { subfolder: '' }),
      definition('Site', { subfolder: '', source: 'settings' }),
    ].map(serverTitle);
    assert.deepEqual(titles, ['web: dev', 'shop: dev', 'Site']);
  });

  it('shows its command in readable form', () => {
    const texts = [
      commandText({ kind: 'argv', file: 'npm', args: ['run', 'dev'] }),
      commandText({ kind: 'shell', line: 'a && b' }),
    ];
    assert.deepEqual(texts, ['npm run dev', 'a && b']);
  });

  it('is the same in every window, regardless of the name of its folder there', () => {
    const web = { id: 'shop/web:dev', folder: 'shop', cwd: '/trees/a/web' };
    const elsewhere = { id: 'shop (2)/web:dev', folder: 'shop (2)', cwd: '/trees/a/web' };
    assert.deepEqual([serverKey(web), isSameServer(web, elsewhere)], ['/web:dev', true]);
    const others = [
      { ...web, cwd: '/trees/b/web' },
      { ...web, id: 'shop/web:start' },
      { id: 'shop/web:dev', cwd: '/trees/a/web' },
    ];
    assert.deepEqual(
      others.map((other) => isSameServer(web, other)),
      [false, false, false],
    );
  });
});
