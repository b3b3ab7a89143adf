import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { mainServers } from '../../../../src/core/server/mainServers.js';
import { discoveryOf, FakeFiles } from '../../discovery/support/fakes.js';

/** Returns the ids of the main servers of a workspace whose packages have these scripts, and the files they may run. */
async function mainsOf(
  packages: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<string[]> {
  const files = Object.entries(packages).flatMap(([folder, scripts]) => {
    const prefix = folder === '' ? '' : `${folder}/`;
    return [
      [`${prefix}package.json`, { scripts }],
      [`${prefix}server.js`, ''],
      [`${prefix}server.ts`, ''],
    ];
  });
  const discovery = discoveryOf(new FakeFiles(Object.fromEntries(files)));
  await discovery.update();
  return mainServers(discovery.discovery.definitions).map(({ id }) => id);
}

describe('The main servers of a workspace', () => {
  it('are one of each package, never the alternatives of one app', async () => {
    assert.deepEqual(
      await mainsOf({
        web: { preview: 'vite preview', start: 'vite --host', dev: 'vite' },
        api: { start: 'node server.js', 'start:debug': 'node --inspect server.js' },
      }),
      ['shop/api:start', 'shop/web:dev'],
    );
  });

  const below = {
    'apps/web': { dev: 'vite' },
    'apps/api': { dev: 'tsx watch server.ts', start: 'node server.js' },
  };

  for (const dev of [
    'turbo dev',
    'turbo run dev --parallel',
    'pnpm -r dev',
    'concurrently "npm run dev --prefix apps/web" "npm start --prefix apps/api"',
    'concurrently "npm run dev -w web" "npm run dev -w api"',
    'concurrently "cd apps/web && npm run dev" "cd apps/api && npm start"',
    'run-p start:*',
  ]) {
    it(`are only the one at the top where that starts the others by ${dev}`, async () => {
      const parts = { 'start:web': 'npm -w apps/web run dev', 'start:api': 'npm -w apps/api run dev' };
      assert.deepEqual(await mainsOf({ '': { dev, ...(dev.includes('start:*') && parts) }, ...below }), [
        'shop:dev',
      ]);
    });
  }

  it('include those that the one at the top does not start', async () => {
    assert.deepEqual(await mainsOf({ '': { dev: 'vite' }, ...below }), [
      'shop:dev',
      'shop/apps/api:dev',
      'shop/apps/web:dev',
    ]);
  });

  it('include none of a package whose own one is that of another package', async () => {
    const root = { dev: 'npm run dev -w apps/web', storybook: 'storybook dev' };
    assert.deepEqual(await mainsOf({ '': root, ...below }), ['shop/apps/api:dev', 'shop/apps/web:dev']);
  });
});
