import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import {
  problemsByEntry,
  problemText,
  readConfiguration,
} from '../../../../src/discovery/configuration/configuration.js';
import { configured, drawn, FakeFiles, shop } from '../support/fakes.js';

/** Returns the discovered script `dev` of the package in `folder`. */
function found(folder = ''): ServerDefinition {
  return {
    id: folder === '' ? 'shop:dev' : `shop/${folder}:dev`,
    name: 'dev',
    folder: 'shop',
    subfolder: folder,
    command: { kind: 'argv', file: 'npm', args: ['run', 'dev'] },
    cwd: `/home/me/shop/${folder}`,
    env: {},
    port: undefined,
    source: 'scripts',
  };
}

const draw = async (...sources: Parameters<typeof configured>): Promise<string[]> =>
  drawn(await configured(...sources));

/** Returns every problem with the part of the text that it marks. */
async function marked(text: string, discovered: readonly ServerDefinition[] = []): Promise<string[]> {
  const { problems } = await readConfiguration({
    context: { ...shop, platform: 'linux' },
    settings: undefined,
    file: { kind: 'text', text },
    discovered,
    files: new FakeFiles({}),
  });
  return problems.map(({ reason, range, isWarning }) => {
    const part = range && text.slice(range.offset, range.offset + range.length);
    return `${isWarning ? 'warning ' : ''}${part} ← ${reason}`;
  });
}

const server = (more: object): object => ({ id: 'web', command: 'serve', ...more });
const text = (...servers: readonly object[]): string => JSON.stringify({ servers });

describe('A configuration file', () => {
  it('yields complete definitions', async () => {
    const entry = {
      id: 'web',
      name: 'Web',
      command: 'node',
      args: ['server.js', '--port', '${port}'],
      cwd: '${workspaceFolder}/web',
      env: { API: '${url:api}' },
      envFile: ['.env', '${workspaceFolder}/web/.env'],
      port: 3000,
      portArgument: '--listen={port}',
      url: 'https://app.test',
      dependsOn: ['api'],
      group: 'front',
      autoStart: true,
      openWhenReady: true,
    };
    const files = new FakeFiles({ '.env': '', 'web/.env': '' });
    assert.deepEqual(await configured({ text: text(entry, { id: 'api', command: 'api' }), files }), {
      definitions: [
        {
          id: 'shop:web',
          name: 'Web',
          folder: 'shop',
          subfolder: '',
          command: { kind: 'argv', file: 'node', args: ['server.js', '--port', '${port}'] },
          cwd: '/home/me/shop/web',
          env: { API: '${url:shop:api}' },
          port: 3000,
          source: 'configuration',
          file: '.vscode/dev-servers.json',
          group: 'front',
          dependsOn: ['shop:api'],
          portArgument: '--listen={port}',
          url: 'https://app.test/',
          autoStart: true,
          openWhenReady: true,
          envFiles: ['/home/me/shop/.env', '/home/me/shop/web/.env'],
          overrides: { stopSignal: undefined, stopTimeout: undefined, restart: undefined, ready: undefined },
        },
        {
          id: 'shop:api',
          name: 'api',
          folder: 'shop',
          subfolder: '',
          command: { kind: 'shell', line: 'api' },
          cwd: '/home/me/shop',
          env: {},
          port: undefined,
          source: 'configuration',
          file: '.vscode/dev-servers.json',
          overrides: { stopSignal: undefined, stopTimeout: undefined, restart: undefined, ready: undefined },
        },
      ],
      problems: [],
    });
  });

  it('may have comments, trailing commas and a byte order mark, or be empty', async () => {
    const commented = '\uFEFF{ // mine\n "servers": [ { "id": "web", /* why */ "command": "serve", }, ], }';
    assert.deepEqual(await draw({ text: commented }), ['shop:web › $ serve']);
    assert.deepEqual(await Promise.all(['', '  \n', '{}'].map((each) => draw({ text: each }))), [[], [], []]);
  });

  it('says whether a shell reads a command, and which one', async () => {
    const ways = [
      {},
      { shell: true },
      { shell: '/bin/zsh' },
      { shell: false },
      { args: [] },
      { args: ['a b'] },
    ];
    const entries = ways.map((way, index) => server({ id: String(index), ...way }));
    const { definitions } = await configured({ text: text(...entries) });
    assert.deepEqual(
      definitions.map(({ command }) => command),
      [
        { kind: 'shell', line: 'serve' },
        { kind: 'shell', line: 'serve' },
        { kind: 'shell', line: 'serve', shell: '/bin/zsh' },
        { kind: 'argv', file: 'serve', args: [] },
        { kind: 'argv', file: 'serve', args: [] },
        { kind: 'argv', file: 'serve', args: ['a b'] },
      ],
    );
  });

  it('may differ for a system', async () => {
    const entry = server({
      env: { A: '1', B: '1' },
      windows: { command: 'serve.cmd', env: { B: '2' }, cwd: 'win' },
      osx: { shell: 'zsh' },
    });
    const on = async (platform: 'linux' | 'osx' | 'windows') => {
      const { definitions } = await configured({ text: text(entry), context: { ...shop, platform } });
      return definitions.map(({ command, env, cwd }) => [command, env, cwd]);
    };
    assert.deepEqual(
      [await on('linux'), await on('osx'), await on('windows')],
      [
        [[{ kind: 'shell', line: 'serve' }, { A: '1', B: '1' }, '/home/me/shop']],
        [[{ kind: 'shell', line: 'serve', shell: 'zsh' }, { A: '1', B: '1' }, '/home/me/shop']],
        [[{ kind: 'shell', line: 'serve.cmd' }, { A: '1', B: '2' }, '/home/me/shop/win']],
      ],
    );
  });

  it('may name scripts, which the package manager of their folder runs', async () => {
    const files = new FakeFiles({
      'package.json': { packageManager: 'pnpm@9.1.0', scripts: { 'odd one': 'vite' } },
      'apps/web/package.json': { scripts: { dev: 'vite --port 3000' } },
      'apps/api/package.json': { scripts: { dev: 'node .' } },
      'apps/api/package-lock.json': '',
    });
    const entries = [
      { id: 'root', script: 'odd one' },
      { id: 'web', script: 'dev', cwd: 'apps/web', args: ['--open', 'a b'] },
      { id: 'api', script: 'dev', cwd: 'apps/api', args: ['x'] },
    ];
    const { definitions, problems } = await configured({ text: text(...entries), files });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      definitions.map(({ command, script }) => [
        command.kind === 'argv' && [command.file, ...command.args],
        script,
      ]),
      [
        [['pnpm', 'run', 'odd one'], { body: 'vite', argumentPrefix: [] }],
        [
          ['pnpm', 'run', 'dev', '--open', 'a b'],
          { body: "vite --port 3000 --open 'a b'", argumentPrefix: [] },
        ],
        [['npm', 'run', 'dev', '--', 'x'], { body: 'node . x', argumentPrefix: [] }],
      ],
    );
  });

  it('takes precedence over discovery, and the settings over it', async () => {
    const file = text(server({ id: 'dev' }), server({ id: 'apps/web:dev' }), server({ id: 'db' }));
    const settings = [{ id: 'db', command: 'mine' }];
    const { definitions } = await configured({
      text: file,
      settings,
      discovered: [found(), found('apps/web'), found('apps/api')],
    });
    assert.deepEqual(
      definitions.map(({ id, subfolder, source }) => [id, subfolder, source]),
      [
        ['shop:db', '', 'settings'],
        ['shop:dev', '', 'configuration'],
        ['shop/apps/web:dev', 'apps/web', 'configuration'],
        ['shop/apps/api:dev', 'apps/api', 'scripts'],
      ],
    );
  });

  it('refers to other servers, including discovered ones, by their ids in the folder', async () => {
    const entry = server({
      command: 'serve ${url:apps/api:dev} ${port:dev} ${port:web} ${env:dev}',
      port: 1,
      dependsOn: ['apps/api:dev', 'shop:dev', 'dev'],
    });
    const discovered = [found(), found('apps/api')];
    const { definitions, problems } = await configured({ text: text(entry), discovered });
    assert.deepEqual(problems, []);
    assert.deepEqual(definitions[0]?.dependsOn, ['shop/apps/api:dev', 'shop:dev']);
    assert.deepEqual(definitions[0]?.command, {
      kind: 'shell',
      line: 'serve ${url:shop/apps/api:dev} ${port:shop:dev} ${port:shop:web} ${env:dev}',
    });
  });

  it('puts servers into groups', async () => {
    const file = JSON.stringify({
      servers: [server({ group: 'front' }), server({ id: 'db' })],
      groups: { back: ['apps/api:dev', 'db'], front: ['web'] },
    });
    const { definitions, problems } = await configured({
      text: file,
      discovered: [found('apps/api'), found()],
    });
    assert.deepEqual(
      [definitions.map(({ id, group }) => [id, group]), problems],
      [
        [
          ['shop:web', 'front'],
          ['shop:db', 'back'],
          ['shop/apps/api:dev', 'back'],
          ['shop:dev', undefined],
        ],
        [],
      ],
    );
  });

  const mistakes: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
    [
      'settings of the wrong type',
      text(server({ port: 'x' })),
      ['"x" ← "port" must be a whole number from 1 to 65535.'],
    ],
    ['unknown keys', text(server({ comand: 1 })), ['"comand" ← "comand" is not a known property.']],
    [
      'unknown keys of a system',
      text(server({ linux: { port: 1 } })),
      ['"port" ← "port" is not a known property.'],
    ],
    ['unknown keys of the file', '{ "server": [] }', ['"server" ← "server" is not a known property.']],
    ['no command', text({ id: 'web' }), ['"web" ← "command" or "script" is missing.']],
    ['duplicate ids', text(server({}), server({})), ['"web" ← duplicate "id".']],
    [
      'a folder outside the workspace',
      text(server({ cwd: '../x' })),
      ['"../x" ← "cwd" is outside the workspace folder.'],
    ],
    [
      'a folder of a variable',
      text(server({ cwd: '${env:HOME}/x' })),
      ['${env:HOME} ← ${env:HOME} cannot be used in "cwd".'],
    ],
    [
      'a missing env file',
      text(server({ envFile: '.env' })),
      ['warning ".env" ← the file .env does not exist.'],
    ],
    [
      'one missing env file of two',
      text(server({ envFile: ['.a', '.b'] })),
      ['warning ".a" ← the file .a does not exist.', 'warning ".b" ← the file .b does not exist.'],
    ],
    [
      'a script that is not there',
      text({ id: 'web', script: 'dev', cwd: 'a' }),
      ['"dev" ← there is no script "dev" in a/package.json.'],
    ],
    [
      'a script that would be an option',
      text({ id: 'web', script: '-x' }),
      ['"-x" ← "script" cannot be used: it starts with a dash, so it would be read as an option.'],
    ],
    [
      'a script beside a command',
      text(server({ script: 'dev' })),
      ['"dev" ← "script" and "command" cannot be used together.'],
    ],
    [
      'a shell beside words',
      text(server({ args: [], shell: true })),
      ['true ← "shell" and "args" cannot be used together.'],
    ],
    [
      'an unknown dependency',
      text(server({ dependsOn: ['ghost'] })),
      ['"ghost" ← there is no server "ghost".'],
    ],
    [
      'a dependency on itself',
      text(server({ dependsOn: ['web'] })),
      ['["] ← it depends on itself: web → web.'.replace('["]', '[')],
    ],
    [
      'a circle',
      text(
        server({ dependsOn: ['api'] }),
        server({ id: 'api', command: 'x ${url:db}' }),
        server({ id: 'db', dependsOn: ['web'] }),
      ),
      ['[ ← it depends on itself: web → api → db → web.'],
    ],
    [
      'an unknown server in a variable',
      text(server({ command: 'x ${port:ghost}' })),
      [':ghost} ← there is no server "ghost".'],
    ],
    [
      'an unknown variable',
      text(server({ args: ['${file}', '${nope}'] })),
      [
        'warning ${file} ← ${file} is not a known variable.',
        'warning ${nope} ← ${nope} is not a known variable.',
      ],
    ],
    [
      'an unknown variable in a line',
      text(server({ command: 'x ${HOME} ${config:a}' })),
      ['warning ${config:a} ← ${config:a} is not a known variable.'],
    ],
    ['its own port without one', text(server({ command: 'x ${port}' })), ['${port} ← ${port} needs "port".']],
    [
      'an unknown member of a group',
      '{ "groups": { "a": ["ghost"] } }',
      ['"ghost" ← there is no server "ghost".'],
    ],
    [
      'a server in two groups',
      JSON.stringify({ servers: [server({})], groups: { a: ['web'], b: ['web'] } }),
      ['"web" ← "web" is already in the group "a".'],
    ],
    [
      'groups that are none',
      '{ "groups": { "a": "web" } }',
      ['"web" ← "groups" must map group names to lists of ids.'],
    ],
    ['servers that are no list', '{ "servers": {} }', ['{ ← It is not a list of servers.']],
    ['something else', '[1]', ['[ ← It is not a JSON object.']],
    [
      'no value at all',
      'x',
      [
        'x ← It is not valid JSON: unexpected text.',
        ' ← It is not valid JSON: a value is missing.',
        'x ← It is not a JSON object.',
      ],
    ],
    [
      'a port argument without a place',
      text(server({ portArgument: '--x' })),
      ['"--x" ← "portArgument" must contain {port}.'],
    ],
  ];
  for (const [name, content, expected] of mistakes) {
    it(`marks ${name}`, async () => assert.deepEqual(await marked(content), expected));
  }

  it('keeps the valid servers among invalid ones', async () => {
    const file = text(server({}), server({ id: 'bad', port: 0 }), 7 as never, server({ id: 'db' }));
    assert.deepEqual(await draw({ text: file }), [
      'shop:web › $ serve',
      'shop:db › $ serve',
      '! .vscode/dev-servers.json: "bad": "port" must be a whole number from 1 to 65535.',
      '! .vscode/dev-servers.json: it must be an object with "id" and "command".',
    ]);
  });

  it('keeps what precedes a syntax error', async () => {
    assert.deepEqual(await draw({ text: '{ "servers": [ { "id": "web", "command": "serve" }, { "id": ' }), [
      'shop:web › $ serve',
      '! .vscode/dev-servers.json: It is not valid JSON: a value is missing.',
      '! .vscode/dev-servers.json: It is not valid JSON: a closing brace is missing.',
      '! .vscode/dev-servers.json: It is not valid JSON: a closing bracket is missing.',
      '! .vscode/dev-servers.json: It is not valid JSON: a closing brace is missing.',
      '! .vscode/dev-servers.json: "id" is missing.',
    ]);
  });

  it('of 10 MB, or with endless nesting, is ignored and reported', async () => {
    assert.deepEqual(await draw({ file: { kind: 'tooLarge' } }), [
      '! .vscode/dev-servers.json: It is larger than 1 MiB.',
    ]);
    for (const deep of ['[', '{"a":']) {
      assert.deepEqual(await draw({ text: deep.repeat(200_000) }), [
        '! .vscode/dev-servers.json: It is nested more than 50 levels deep.',
      ]);
    }
  });

  it('has at most 1000 servers', async () => {
    const many = Array.from({ length: 1001 }, (_, id) => ({
      id: String(id),
      command: 'x',
      dependsOn: [String(id + 1)],
    }));
    const { definitions, problems } = await configured({ text: text(...many) });
    assert.deepEqual(
      [definitions.length, problems.map(({ reason }) => reason)],
      [1000, ['It has 1001 servers; only the first 1000 are used.', '"999": there is no server "1000".']],
    );
  });

  it('never causes an exception, and never marks a range that does not exist', async () => {
    const part = fc.constantFrom(
      ...'{ } [ ] , : " \\ // /* */ null 1 "servers" "groups" "id" "command" "${port:x}" "dependsOn" "env" "__proto__"'.split(
        ' ',
      ),
    );
    const broken = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(' '));
    const entry = fc.record(
      {
        id: fc.string(),
        command: fc.string(),
        dependsOn: fc.array(fc.string()),
        env: fc.dictionary(fc.string(), fc.string()),
      },
      { requiredKeys: ['id'] },
    );
    const whole = fc
      .record({ servers: fc.array(entry), groups: fc.jsonValue() })
      .map((value) => JSON.stringify(value));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), broken, whole), async (content) => {
        const { problems } = await readConfiguration({
          context: { ...shop, platform: 'linux' },
          settings: undefined,
          file: { kind: 'text', text: content },
          discovered: [],
          files: new FakeFiles({}),
        });
        for (const problem of problems) {
          const { offset, length } = problem.range ?? { offset: -1, length: 0 };
          assert.ok(offset >= 0 && length >= 0 && offset + length <= content.length, problemText(problem));
        }
      }),
      { numRuns: 500 },
    );
  });
});

it('the problems of a configuration file are counted by entry', async () => {
  const entries = [
    { id: 'a', port: 'x', cwd: 7 },
    { id: 'b', port: 'y', command: 'node b.js' },
  ];
  const { problems } = await readConfiguration({
    context: { ...shop, platform: 'linux' },
    settings: undefined,
    file: { kind: 'text', text: JSON.stringify({ servers: entries }) },
    discovered: [],
    files: new FakeFiles({}),
  });
  const left = problemsByEntry(problems);
  assert.ok(problems.length > 2);
  assert.deepEqual(
    left.map(({ label }) => label),
    ['a', 'b'],
  );
  for (const { reason } of problems) assert.ok(left.some((each) => each.reason.includes(reason)));
});
