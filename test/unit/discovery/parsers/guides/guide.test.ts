import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { definitionPlace } from '../../../../../src/core/server/definitionLine.js';
import type { SystemName } from '../../../../../src/discovery/files/systemName.js';
import { guide } from '../../../../../src/discovery/parsers/guides/guide.js';
import { threadMsOf } from '../../../../support/threadTime.js';
import { discovered, discoveryOf, english, FakeFiles } from '../../support/fakes.js';

const makefile = 'assistant:\n\t./assistant\n';
const starts = '`make assistant` starts the web server.\n';

describe('A guide', () => {
  it('in reStructuredText has indented commands', async () => {
    const text = 'Setup\n-----\n\nThe server listens on http://localhost:8080::\n\n    $ make assistant\n';
    assert.deepEqual(await discovered({ 'README.rst': text, Makefile: makefile }), [
      'shop/README.rst:make assistant › make assistant',
    ]);
  });

  it.each(['docs/development.md', '.github/CONTRIBUTING.md', 'AGENTS.md', 'web/README.md'])(
    'is read as %s',
    async (path) => {
      assert.deepEqual(await discovered({ [path]: starts, Makefile: makefile }), [
        `shop/${path}:make assistant › make assistant`,
      ]);
    },
  );

  it('uses the package manager of the project and the variables that the guide sets', () => {
    const findings = parsedIn(
      'Start the simulator on http://localhost:7000 with `LEVEL=2 npm run simulate`.',
      {
        'package.json': '{ "packageManager": "pnpm@10.0.0", "scripts": { "simulate": "tsx simulate.ts" } }',
        'simulate.ts': '',
      },
    );
    assert.deepEqual(findings.servers, [
      {
        name: 'simulate',
        command: { kind: 'argv', file: 'pnpm', args: ['run', 'simulate'] },
        script: { body: 'tsx simulate.ts', argumentPrefix: [], others: [] },
        directory: '',
        folder: '',
        env: { LEVEL: '2' },
        textInFile: 'LEVEL=2 npm run simulate',
      },
    ]);
  });

  it('is opened at the command of a server, not at its name in a sentence', async () => {
    const text = 'We simulate.\n\n`LEVEL=2 npm run simulate` starts a server on http://localhost:7000.\n';
    const scripts = '{ "scripts": { "simulate": "tsx simulate" } }';
    const discovery = discoveryOf(new FakeFiles({ 'README.md': text, 'package.json': scripts }));
    await discovery.update();
    const places = discovery.discovery.definitions
      .filter(({ source }) => source === 'guides')
      .map((each) => definitionPlace(text, each));
    assert.deepEqual(places, [{ line: 2, column: 1, length: 24 }]);
  });

  it('uses the package manager that the scripts call if nothing names one', () => {
    const scripts = { simulate: 'tsx simulate', all: 'yarn simulate' };
    const { servers } = parsedIn('Start the simulator on http://localhost:7000 with `npm run simulate`.', {
      'package.json': JSON.stringify({ scripts }),
    });
    assert.deepEqual(
      servers.map(({ command }) => command),
      [{ kind: 'argv', file: 'yarn', args: ['run', 'simulate'] }],
    );
  });

  it('may name the same server for several folders', async () => {
    const text = ['one', 'two']
      .map((name) => `\`cd ${name} && make assistant\` starts a web server.`)
      .join('\n');
    assert.deepEqual(
      parsedIn(text, { 'one/Makefile': makefile, 'two/Makefile': makefile }).servers.map(
        ({ name, directory }) => [name, directory],
      ),
      [
        ['make assistant', 'one'],
        ['make assistant (two)', 'two'],
      ],
    );
  });

  it('runs no shell script on Windows', () => {
    const files = { 'bin/shop': '#!/bin/sh\n' };
    const text = '`./bin/shop` starts the web server.';
    assert.equal(parsedIn(text, files).servers.length, 1);
    assert.equal(parsedIn(text, files, 'windows').servers.length, 0);
  });

  it('is read if it is among the nearest of the hundreds in a workspace', async () => {
    const files = new FakeFiles({
      'README.md': starts,
      Makefile: makefile,
      ...Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`packages/p${index}/README.md`, starts]),
      ),
    });
    const discovery = discoveryOf(files);
    await discovery.update();
    const read = new Set(files.opened.filter((path) => path.endsWith('README.md')));
    assert.equal(read.size, 50);
    assert.deepEqual(discovery.discovery.problems, []);
  });

  it.each([
    ['code spans', '`make assistant` '],
    ['fences', '```\n'],
    ['commands', '```\nmake assistant # starts the server on http://localhost:1\n```\n'],
    ['spaces', ' \t'],
    ['remarks', 'a # b // c '],
    ['scripts', '`npm run assistant` starts the server\n'],
  ])('with many %s is parsed in a short time', (_, text) => {
    const files = { Makefile: makefile, 'package.json': '{ "scripts": {} }' };
    const tookMs = threadMsOf(() => parsedIn(text.repeat(1024 * 256), files));
    assert.ok(tookMs < 1000, `${tookMs} ms`);
  });
});

/** Parses a guide in a folder with these files. */
function parsedIn(
  text: string,
  files: Readonly<Record<string, string>>,
  system: SystemName = 'linux',
): ReturnType<typeof guide.parse> {
  return guide.parse(
    { path: 'README.md', text },
    {
      names: (folder) => {
        const prefix = folder === '' ? '' : `${folder}/`;
        const inside = Object.keys(files).filter((path) => path.startsWith(prefix));
        return new Set(inside.map((path) => path.slice(prefix.length).split('/')[0] ?? ''));
      },
      text: (path) => files[path],
      folderName: 'shop',
      system,
      l10n: english,
    },
  );
}
