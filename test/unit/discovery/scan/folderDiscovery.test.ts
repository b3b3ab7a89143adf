import assert from 'node:assert/strict';
import { win32 } from 'node:path';
import { describe, it } from 'vitest';
import { maxFilesPerSource, maxPackages } from '../../../../src/discovery/files/limits.js';
import { discovered, discoveryOf, drawn, FakeFiles, shop } from '../support/fakes.js';

describe('The discovery of a folder', () => {
  it('creates a complete definition for a script', async () => {
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
          isMain: true,
        },
      ],
      unlisted: [],
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
      ['start:dev', 'start', 'start:debug'].map((name) => `shop:${name} › bun run ${name}`),
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

  it('continues after files that are broken, too large, missing or unreadable', async () => {
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
      '! broken/package.json: It is not valid JSON: a value is missing on line 1, column 14',
      '! large/package.json: It is larger than 1024 KiB.',
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
      `! shop: It contains ${maxPackages + 1} files of the kind "scripts"; only ${maxPackages} are read.`,
    ]);
  });

  it('reads entry files of Bun only in Bun projects', async () => {
    const files = Array.from({ length: maxFilesPerSource + 1 }, (_, index) => [`a/${index}/index.ts`, '']);
    const lines = await discovered({
      ...Object.fromEntries(files),
      'z/bunfig.toml': '',
      'z/api/package.json': {},
      'z/api/index.ts': 'Bun.serve({});',
    });
    assert.deepEqual(lines, ['shop/z/api/index.ts:index.ts › bun --hot index.ts']);
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

  it('assigns an id only once', async () => {
    assert.deepEqual(
      await discovered({
        'apps/package.json': { scripts: { 'web:dev': 'vite' } },
        'apps:web/package.json': { scripts: { dev: 'vite' } },
        'apps/web/package.json': { scripts: { dev: 'vite' } },
      }),
      [
        'shop/apps:web:dev › npm run web:dev',
        'shop/apps/web:dev › npm run dev',
        '! apps:web/package.json: Another server already uses the name "shop/apps:web:dev".',
      ],
    );
  });

  it('includes the names of other files in the ids of their servers', async () => {
    assert.deepEqual(
      await discovered({
        'package.json': { scripts: { web: 'vite' } },
        'Procfile.dev': 'web: gunicorn app',
        'apps/api/compose.yaml': 'services: { web: { build: ., ports: ["80:80"] } }',
        '.vscode/tasks.json': { tasks: [{ label: 'web', command: 'serve', isBackground: true }] },
      }),
      [
        'shop:web › npm run web',
        'shop/.vscode/tasks.json:web › $ serve',
        'shop/Procfile.dev:web › $ gunicorn app',
        'shop/apps/api/compose.yaml:web › docker compose up web',
      ],
    );
  });

  it('parses a file again when a file that it depends on has changed', async () => {
    const files = new FakeFiles({
      'compose.yaml': 'services: { web: { image: x } }',
      'compose.override.yaml': 'services: { web: { ports: ["80:80"] } }',
      'package.json': { scripts: { dev: 'vite' } },
    });
    const discovery = discoveryOf(files);
    await discovery.update();
    const [dev] = discovery.discovery.definitions;
    files.write('compose.override.yaml', 'services: { web: { ports: ["81:80"] } }');
    await discovery.update(new Set(['compose.override.yaml']));
    const { definitions } = discovery.discovery;
    assert.deepEqual(
      definitions.map(({ name, port }) => [name, port]),
      [
        ['dev', undefined],
        ['web', 81],
      ],
    );
    assert.equal(definitions[0], dev);
  });

  it('reports a problem once although two parsers find it', async () => {
    const twice = { source: 'bun' as const, patterns: ['package.json'] };
    const parser = { ...twice, parse: () => ({ servers: [], problems: ['It is not a JSON object.'] }) };
    const discovery = discoveryOf(new FakeFiles({ 'package.json': '7' }), { parsers: [parser] });
    await discovery.update();
    assert.deepEqual(drawn(discovery.discovery), ['! package.json: It is not a JSON object.']);
  });

  it('leaves out a server with an invalid name, and one that runs outside the folder', async () => {
    const tasks = [
      { label: 'a\nb', command: 'serve', isBackground: true },
      { label: 'out', command: 'serve', options: { cwd: '../..' }, isBackground: true },
    ];
    assert.deepEqual(await discovered({ '.vscode/tasks.json': { tasks } }), [
      String.raw`! .vscode/tasks.json: A server named "a\nb" was ignored.`,
      '! .vscode/tasks.json: out was ignored because its folder is outside the workspace folder.',
    ]);
  });

  it('continues if the code of a parser is missing', async () => {
    const files = new FakeFiles({ x: '', 'package.json': { scripts: { dev: 'vite' } } });
    const missing = { source: 'go' as const, patterns: ['x'], load: () => Promise.reject(new Error('gone')) };
    const discovery = discoveryOf(files, { parsers: [missing] });
    await discovery.update();
    assert.deepEqual(drawn(discovery.discovery), [
      'shop:dev › npm run dev',
      '! x: It cannot be parsed: gone',
    ]);
  });

  it('does not search for a source that is turned off', async () => {
    const files = new FakeFiles({ Procfile: 'web: x', 'package.json': { scripts: { dev: 'vite' } } });
    const discovery = discoveryOf(files, { isEnabled: (source) => source !== 'scripts' });
    await discovery.update();
    assert.deepEqual(
      [drawn(discovery.discovery), files.opened.includes('package.json')],
      [['shop/Procfile:web › $ x'], false],
    );
  });

  it('leaves out what git ignores, except for lock files and the settings of the editor and agents', async () => {
    assert.deepEqual(
      await discovered({
        '.gitignore': 'out\n*.lock\n.vscode\n',
        'yarn.lock': '',
        'package.json': { scripts: { dev: 'vite' } },
        'out/package.json': { scripts: { dev: 'vite' } },
        'apps/.gitignore': '/old',
        'apps/old/package.json': { scripts: { dev: 'vite' } },
        'old/package.json': { scripts: { dev: 'vite' } },
        '.vscode/tasks.json': { tasks: [{ label: 'x', command: 'serve', isBackground: true }] },
        'node_modules/a/package.json': { scripts: { dev: 'vite' } },
      }),
      ['shop:dev › yarn run dev', 'shop/.vscode/tasks.json:x › $ serve', 'shop/old:dev › yarn run dev'],
    );
  });

  for (const [checkout, git] of Object.entries({
    'a checkout': { '.git/index': indexOf('bin/Procfile.dev', 'old/Procfile') },
    'a large checkout': {
      '.git/index': indexOf(
        ...Array.from(
          { length: 80_000 },
          (_, index) => `src/modules/component-${index}/implementation/index.css`,
        ),
        'a/bin/sub/Procfile.dev',
        'bin/Procfile.dev',
      ),
    },
    'a linked worktree': {
      '.git': 'gitdir: /home/me/main/.git/worktrees/shop\n',
      '../main/.git/worktrees/shop/index': indexOf('bin/Procfile.dev', 'old/Procfile'),
    },
  })) {
    it(`keeps the files of ${checkout} that git tracks, although a rule ignores their folder`, async () => {
      assert.deepEqual(
        await discovered({
          ...git,
          '.gitignore': 'bin/\nold\n',
          'bin/Procfile.dev': 'web: serve',
          'bin/sub/Procfile.dev': 'web: serve',
          'old/Procfile.dev': 'web: serve',
        }),
        ['shop/bin/Procfile.dev:web › $ serve'],
      );
    });
  }

  it('begins with the files of the folder itself, before the search has ended', async () => {
    const files = new FakeFiles({
      'package.json': { scripts: { dev: 'vite' } },
      'a/package.json': { scripts: { dev: 'vite' } },
      '.claude/launch.json': { configurations: [{ name: 'x', runtimeExecutable: 'x' }] },
    });
    const discovery = discoveryOf(files);
    const steps: string[][] = [];
    await discovery.update(undefined, () => steps.push(drawn(discovery.discovery)));
    assert.deepEqual(steps, [['shop:dev › npm run dev', 'shop/.claude/launch.json:x › x']]);
  });

  describe('after a change', () => {
    const scripts = { dev: 'vite' };

    it('of one file reads only this file and keeps all other definitions as they are', async () => {
      const folders = Array.from({ length: 1000 }, (_, index) => `packages/p${index}`);
      const files = new FakeFiles(
        Object.fromEntries(folders.map((folder) => [`${folder}/package.json`, { scripts }])),
      );
      const discovery = discoveryOf(files);
      await discovery.update();
      const before = new Set(discovery.discovery.definitions);
      files.opened.length = 0;
      files.write('packages/p7/package.json', { scripts: { dev: 'vite', start: 'vite --open' } });
      await discovery.update(new Set(['packages/p7/package.json']));
      const changed = discovery.discovery.definitions.filter((definition) => !before.has(definition));
      assert.deepEqual(
        [before.size, files.opened, changed.map(({ id }) => id)],
        [1000, ['packages/p7/package.json'], ['shop/packages/p7:dev', 'shop/packages/p7:start']],
      );
    });

    it('that changes nothing of interest keeps even the definitions of the file', async () => {
      const files = new FakeFiles({ 'package.json': { scripts } });
      const discovery = discoveryOf(files);
      await discovery.update();
      const [before] = discovery.discovery.definitions;
      files.write('package.json', { scripts, version: '2' });
      await discovery.update(new Set(['package.json']));
      assert.equal(discovery.discovery.definitions[0], before);
    });

    it('finds a new file, and forgets one that is gone', async () => {
      const files = new FakeFiles({ 'package.json': { scripts } });
      const discovery = discoveryOf(files);
      await discovery.update();
      files.write('a/package.json', { scripts });
      files.opened.length = 0;
      await discovery.update(new Set(['a/package.json']));
      const grown = [files.opened.slice(), drawn(discovery.discovery)];
      files.remove('package.json');
      await discovery.update(new Set(['package.json']));
      assert.deepEqual(
        [...grown, drawn(discovery.discovery)],
        [
          ['a/package.json'],
          ['shop:dev › npm run dev', 'shop/a:dev › npm run dev'],
          ['shop/a:dev › npm run dev'],
        ],
      );
    });

    it('that removes a whole folder forgets its files', async () => {
      const files = new FakeFiles({ 'a/package.json': { scripts }, 'ab/package.json': { scripts } });
      const discovery = discoveryOf(files);
      await discovery.update();
      const known = ['a', 'b', 'a/package.json'].map((path) => discovery.hasFilesIn(path));
      files.remove('a/package.json');
      files.opened.length = 0;
      await discovery.update(new Set(['a']));
      assert.deepEqual(
        [known, files.opened, drawn(discovery.discovery)],
        [[true, false, false], [], ['shop/ab:dev › npm run dev']],
      );
    });

    it('of a lock file changes the package manager of the packages below it', async () => {
      const files = new FakeFiles({ 'a/package.json': { scripts }, 'b/package.json': { scripts } });
      const discovery = discoveryOf(files);
      await discovery.update();
      files.write('a/yarn.lock', '');
      await discovery.update(new Set(['a/yarn.lock']));
      const locked = drawn(discovery.discovery);
      files.remove('a/yarn.lock');
      await discovery.update(new Set(['a/yarn.lock']));
      assert.deepEqual(
        [locked, drawn(discovery.discovery)],
        [
          ['shop/a:dev › yarn run dev', 'shop/b:dev › npm run dev'],
          ['shop/a:dev › npm run dev', 'shop/b:dev › npm run dev'],
        ],
      );
    });

    it('of the package manager that a package names affects the packages below it', async () => {
      const files = new FakeFiles({ 'package.json': {}, 'a/package.json': { scripts } });
      const discovery = discoveryOf(files);
      await discovery.update();
      files.write('package.json', { packageManager: 'pnpm@9.0.0' });
      await discovery.update(new Set(['package.json']));
      assert.deepEqual(drawn(discovery.discovery), ['shop/a:dev › pnpm run dev']);
    });

    it('of files that another one depends on reads that one again', async () => {
      const files = new FakeFiles({
        'compose.yaml': '',
        'docker-compose.yml': 'services: { a: { image: x, ports: [80] } }',
      });
      const discovery = discoveryOf(files);
      await discovery.update();
      const before = drawn(discovery.discovery);
      files.remove('compose.yaml');
      await discovery.update(new Set(['compose.yaml']));
      assert.deepEqual(
        [before, drawn(discovery.discovery)],
        [
          ['shop/docker-compose.yml:a › docker compose -f docker-compose.yml up a'],
          ['shop/docker-compose.yml:a › docker compose up a'],
        ],
      );
    });
  });

  it('lets other events have their turn while it works', async () => {
    const files = new FakeFiles(
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${index}/package.json`, {}])),
    );
    let time = 0;
    let turns = 0;
    const clock = { now: () => (time += 1), next: async () => void (turns += 1) };
    await discoveryOf(files, { turns: clock }).update();
    assert.ok(turns >= 10, `${turns} turns`);
  });
});

async function drawnOf(files: FakeFiles): Promise<string[]> {
  const discovery = discoveryOf(files);
  await discovery.update();
  return drawn(discovery.discovery);
}

/** Returns the text of an index of git with these files: the facts of each, the length of its path, and the path. */
function indexOf(...paths: readonly string[]): string {
  const entries = paths.map((path) => `\0\0\u{1}facts\0${String.fromCodePoint(path.length)}${path}\0\0`);
  return `DIRC\0\0\0\u{2}${entries.join('')}`;
}
