import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { SystemName } from '../../../../src/discovery/files/systemName.js';
import { discoveryOf, FakeFiles } from '../support/fakes.js';

const packages = {
  'package.json': { scripts: { dev: 'turbo dev' } },
  'apps/web/package.json': { scripts: { dev: 'vite', preview: 'vite preview' } },
  'apps/api/package.json': { scripts: { dev: 'tsx watch src/server.ts', start: 'node dist/server.js' } },
};

describe('The list of servers', () => {
  it('is the same object until another server is found', async () => {
    const files = new FakeFiles(packages);
    const discovery = discoveryOf(files);
    await discovery.update();
    const before = discovery.discovery;
    files.write('apps/web/package.json', {
      version: '1.0.1',
      scripts: { dev: 'vite', preview: 'vite preview' },
    });
    await discovery.update(new Set(['apps/web/package.json']));
    assert.equal(discovery.discovery, before);
  });

  it('keeps the definitions of all servers except the changed one', async () => {
    const files = new FakeFiles(packages);
    const discovery = discoveryOf(files);
    await discovery.update();
    const before = new Set(discovery.discovery.definitions);
    files.write('apps/web/package.json', { scripts: { dev: 'vite --port 4000', preview: 'vite preview' } });
    await discovery.update(new Set(['apps/web/package.json']));
    const changed = discovery.discovery.definitions.filter((definition) => !before.has(definition));
    // The whole file is parsed again.
    assert.deepEqual(
      changed.map(({ id }) => id),
      ['shop/apps/web:dev', 'shop/apps/web:preview'],
    );
  });

  it('is in the order of the folders, with numbers by their value', async () => {
    const folders = ['apps', 'apps/auth-10', 'apps/auth-2', 'apps/auth-2/ui', 'apps/auth-02', 'apps/auth'];
    const files = folders.map((folder) => [`${folder}/package.json`, { scripts: { dev: 'vite' } }] as const);
    const discovery = discoveryOf(new FakeFiles(Object.fromEntries(files)));
    await discovery.update();
    assert.deepEqual(
      discovery.discovery.definitions.map(({ subfolder }) => subfolder),
      ['apps', 'apps/auth', 'apps/auth-02', 'apps/auth-2', 'apps/auth-2/ui', 'apps/auth-10'],
    );
  });

  it('contains the app for the system of the machine, and not those for other systems', async () => {
    const files = new FakeFiles({
      'package.json': { scripts: { dev: 'vite', 'dev:mac': 'vite --mode mac' } },
      'mac/package.json': { scripts: { dev: 'vite' } },
      'linux/package.json': { scripts: { dev: 'vite' } },
    });
    const idsOn = async (system: SystemName): Promise<string[]> => {
      const discovery = discoveryOf(files, { machine: { system } });
      await discovery.update();
      return discovery.discovery.definitions.map(({ id }) => id);
    };
    assert.deepEqual(await idsOn('osx'), ['shop:dev', 'shop:dev:mac', 'shop/mac:dev']);
    assert.deepEqual(await idsOn('linux'), ['shop:dev', 'shop/linux:dev']);
    assert.deepEqual(await idsOn('windows'), ['shop:dev']);
  });

  it('combines a script that changes to a folder with the target that serves there', async () => {
    const discovery = discoveryOf(
      new FakeFiles({
        'package.json': { scripts: { dev: 'cd site && hugo server' } },
        'tools/Makefile': 'serve:\n\tcd ../site && hugo server\n',
      }),
    );
    await discovery.update();
    const [dev, ...others] = discovery.discovery.definitions;
    assert.deepEqual([dev?.id, others], ['shop:dev', []]);
    assert.deepEqual(
      dev?.alternatives?.map(({ id }) => id),
      ['shop/tools/Makefile:make serve'],
    );
  });
});
