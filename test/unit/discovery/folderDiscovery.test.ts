import assert from 'node:assert/strict';
import { win32 } from 'node:path';
import { maxPackages } from '../../../src/discovery/limits.js';
import { discovered, discoveryOf, drawn, FakeFiles, shop } from './fakes.js';

describe('The discovery of a folder', () => {
  it('makes a whole definition of a script', async () => {
    const files = new FakeFiles({ 'apps/web/package.json': { scripts: { dev: 'vite' } } });
    const discovery = discoveryOf(files);
    await discovery.update();
    assert.deepEqual(discovery.discovery, {
      definitions: [
        {
          id: 'shop/apps/web:dev',
          name: 'dev',
          folder: 'shop',
          subfolder: 'apps/web',
          command: { kind: 'argv', file: 'npm', args: ['run', 'dev'] },
          cwd: '/home/me/shop/apps/web',
          env: {},
          port: undefined,
          source: 'scripts',
          file: 'apps/web/package.json',
          script: { body: 'vite', argumentPrefix: ['--'] },
        },
      ],
      problems: [],
    });
  });

  it('joins folders by the rules of Windows there', async () => {
    const files = new FakeFiles({
      'package.json': { scripts: { dev: 'vite' } },
      'apps/web/package.json': { scripts: { dev: 'vite' } },
    });
    const context = { ...shop, folder: { name: 'shop', path: 'C:\\work\\shop' }, paths: win32 };
    const discovery = discoveryOf(files, {}, context);
    await discovery.update();
    const { definitions } = discovery.discovery;
    assert.deepEqual(
      definitions.map(({ id, subfolder, cwd }) => ({ id, subfolder, cwd })),
      [
        { id: 'shop:dev', subfolder: '', cwd: 'C:\\work\\shop' },
        { id: 'shop/apps/web:dev', subfolder: 'apps/web', cwd: 'C:\\work\\shop\\apps\\web' },
      ],
    );
  });

  it('finds the servers of a Vite application', async () => {
    assert.deepEqual(
      await discovered({
        'package.json': {
          name: 'shop',
          private: true,
          version: '0.0.0',
          type: 'module',
          scripts: { dev: 'vite', build: 'tsc -b && vite build', lint: 'eslint .', preview: 'vite preview' },
          devDependencies: { vite: '^7.0.0' },
        },
        'package-lock.json': '{}',
      }),
      ['shop:dev › npm run dev', 'shop:preview › npm run preview'],
    );
  });

  it('finds the servers of a Next.js application', async () => {
    assert.deepEqual(
      await discovered({
        'package.json': {
          name: 'shop',
          scripts: {
            dev: 'next dev --turbopack',
            build: 'next build',
            start: 'next start',
            lint: 'next lint',
          },
        },
        'yarn.lock': '',
      }),
      ['shop:dev › yarn run dev', 'shop:start › yarn run start'],
    );
  });

  it('finds the servers of a Nest application', async () => {
    assert.deepEqual(
      await discovered({
        'package.json': {
          name: 'shop',
          scripts: {
            build: 'nest build',
            format: 'prettier --write "src/**/*.ts"',
            start: 'nest start',
            'start:dev': 'nest start --watch',
            'start:debug': 'nest start --debug --watch',
            'start:prod': 'node dist/main',
            lint: 'eslint "{src,test}/**/*.ts" --fix',
            test: 'jest',
            'test:watch': 'jest --watch',
            'test:debug': 'node --inspect-brk node_modules/.bin/jest --runInBand',
            'test:e2e': 'jest --config ./test/jest-e2e.json',
          },
        },
        'bun.lock': '',
      }),
      ['start', 'start:dev', 'start:debug', 'start:prod'].map((name) => `shop:${name} › bun run ${name}`),
    );
  });

  it('finds the servers of a Turborepo with the root first and its package manager everywhere', async () => {
    assert.deepEqual(
      await discovered({
        'apps/web/package.json': {
          name: 'web',
          scripts: {
            dev: 'next dev --port 3000',
            build: 'next build',
            start: 'next start',
            'check-types': 'tsc',
          },
        },
        'apps/docs/package.json': {
          name: 'docs',
          scripts: { lint: 'eslint', start: 'next start', dev: 'next dev --port 3001' },
        },
        'packages/ui/package.json': { name: '@repo/ui', scripts: { 'generate:component': 'turbo gen' } },
        'package.json': {
          scripts: { build: 'turbo run build', dev: 'turbo run dev', lint: 'turbo run lint' },
          packageManager: 'pnpm@9.0.0',
        },
        'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n',
      }),
      [
        'shop:dev › pnpm run dev',
        'shop/apps/docs:dev › pnpm run dev',
        'shop/apps/docs:start › pnpm run start',
        'shop/apps/web:dev › pnpm run dev',
        'shop/apps/web:start › pnpm run start',
      ],
    );
  });

  it('goes on past files that are broken, too large, gone or cannot be read', async () => {
    const files = new FakeFiles({
      'broken/package.json': '{ "scripts": ',
      'good/package.json': { scripts: { dev: 'vite' } },
      'large/package.json': { scripts: { dev: 'vite' }, filling: 'x'.repeat(1024 * 1024) },
      'locked/package.json': new Error('EACCES: permission denied'),
    });
    files.search = async () =>
      ['broken', 'gone', 'good', 'large', 'locked'].map((folder) => `${folder}/package.json`);
    assert.deepEqual(await drawnOf(files), [
      'shop/good:dev › npm run dev',
      '! broken/package.json: It is not valid JSON: Unexpected end of JSON input',
      '! large/package.json: It is larger than 1 MiB.',
      '! locked/package.json: It cannot be read: EACCES: permission denied',
    ]);
  });

  it('reads a file of exactly 1 MiB', async () => {
    const start = '{"scripts":{"dev":"vite"},"filling":"';
    const text = `${start}${'x'.repeat(1024 * 1024 - start.length - 2)}"}`;
    assert.deepEqual(await discovered({ 'package.json': text }), ['shop:dev › npm run dev']);
  });

  it('searches the packages nearest to the workspace folder when there are too many', async () => {
    const deep = Array.from({ length: maxPackages }, (_, index) => [`a/${index}/package.json`, {}]);
    const lines = await discovered({
      ...Object.fromEntries(deep),
      'z/package.json': { scripts: { dev: 'vite' } },
    });
    assert.deepEqual(lines, [
      'shop/z:dev › npm run dev',
      `! shop: It has ${maxPackages + 1} files of the kind "scripts"; ${maxPackages} are read.`,
    ]);
  });

  it('lists packages by their folders, however they were found', async () => {
    const scripts = { dev: 'vite' };
    const files = new FakeFiles({
      'z/package.json': { scripts },
      'a/b/package.json': { scripts },
      'package.json': { scripts },
      'a/package.json': { scripts },
    });
    files.search = async () =>
      ['z', 'a/b', 'a', 'z'].map((folder) => `${folder}/package.json`).concat('package.json');
    assert.deepEqual(
      await drawnOf(files),
      ['shop:dev', 'shop/a:dev', 'shop/a/b:dev', 'shop/z:dev'].map((id) => `${id} › npm run dev`),
    );
  });

  it('gives an id only once', async () => {
    assert.deepEqual(
      await discovered({
        'apps/package.json': { scripts: { 'web:dev': 'vite' } },
        'apps:web/package.json': { scripts: { dev: 'vite' } },
        'apps/web/package.json': { scripts: { dev: 'vite' } },
      }),
      [
        'shop/apps:web:dev › npm run web:dev',
        'shop/apps/web:dev › npm run dev',
        '! apps:web/package.json: Another server is called "shop/apps:web:dev" already.',
      ],
    );
  });
});

async function drawnOf(files: FakeFiles): Promise<string[]> {
  const discovery = discoveryOf(files);
  await discovery.update();
  return drawn(discovery.discovery);
}
