import assert from 'node:assert/strict';
import { win32 } from 'node:path';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { configured, drawn, shop } from '../support/fakes.js';

describe('Configured servers', () => {
  it('become complete definitions', async () => {
    const entry = {
      id: 'db',
      name: 'Database',
      command: 'docker compose up db',
      cwd: 'infra',
      env: { PGPORT: '5433' },
      port: 5433,
      stopSignal: 'SIGINT',
      stopTimeout: 0.5,
      restart: 'always',
      ready: { http: '/health', timeout: 5 },
    };
    assert.deepEqual(await configured({ settings: [entry] }), {
      definitions: [
        {
          id: 'shop:db',
          name: 'Database',
          folder: 'shop',
          subfolder: '',
          command: { kind: 'shell', line: 'docker compose up db' },
          cwd: '/home/me/shop/infra',
          env: { PGPORT: '5433' },
          port: 5433,
          source: 'settings',
          overrides: {
            stopSignal: 'SIGINT',
            stopTimeout: 0.5,
            restart: 'always',
            ready: { http: '/health', tcp: undefined, log: undefined, timeout: 5 },
          },
        },
      ],
      problems: [],
    });
  });

  it('need only an id and a command', async () => {
    assert.deepEqual(await configured({ settings: [{ id: 'db', command: 'pg' }] }), {
      definitions: [
        {
          id: 'shop:db',
          name: 'db',
          folder: 'shop',
          subfolder: '',
          command: { kind: 'shell', line: 'pg' },
          cwd: '/home/me/shop',
          env: {},
          port: undefined,
          source: 'settings',
          overrides: { stopSignal: undefined, stopTimeout: undefined, restart: undefined, ready: undefined },
        },
      ],
      problems: [],
    });
  });

  it('may be missing', async () => {
    assert.deepEqual(await Promise.all([undefined, null, []].map(draw)), [[], [], []]);
  });

  it('must be a list', async () => {
    assert.deepEqual(await draw({ id: 'db', command: 'pg' }), [
      '! devServers.servers: It is not a list of servers.',
    ]);
  });

  const wrong: readonly (readonly [name: string, entry: unknown, reason: string])[] = [
    ['no object', 'pg', 'it must be an object with "id" and "command".'],
    ['null', null, 'it must be an object with "id" and "command".'],
    ['no id', { command: 'pg' }, '"id" is missing.'],
    ['no command', { id: 'x' }, '"x": "command" or "script" is missing.'],
    ['neither id nor command', {}, '"id" is missing.'],
    [
      'an unknown property',
      { id: 'x', command: 'pg', comand: 'y' },
      '"x": "comand" is not a known property.',
    ],
    ['an id that is no text', { id: 7, command: 'pg' }, '"id" must be a string.'],
    ['a blank id', { id: ' ', command: 'pg' }, '" ": "id" must not be empty.'],
    [
      'an id of two lines',
      { id: 'a\nb', command: 'pg' },
      String.raw`"a\nb": "id" must not contain control characters.`,
    ],
    ['a blank command', { id: 'x', command: '  ' }, '"x": "command" must not be empty.'],
    ['a command with NUL', { id: 'x', command: 'a\0b' }, '"x": "command" must not contain a NUL character.'],
    ['an empty name', { id: 'x', command: 'pg', name: '' }, '"x": "name" must not be empty.'],
    [
      'an environment of numbers',
      { id: 'x', command: 'pg', env: { PORT: 1 } },
      '"x": "env" must map variable names to strings.',
    ],
    [
      'an environment that is a list',
      { id: 'x', command: 'pg', env: 'PORT=1' },
      '"x": "env" must map variable names to strings.',
    ],
    [
      'a variable with an equals sign',
      { id: 'x', command: 'pg', env: { 'A=B': '1' } },
      '"x": "env" must map variable names to strings.',
    ],
    [
      'the same fault twice',
      { id: 'x', command: 'pg', env: { A: 1, B: 2 } },
      '"x": "env" must map variable names to strings.',
    ],
    [
      'a variable with NUL',
      { id: 'x', command: 'pg', env: { A: '\0' } },
      '"x": "env" must map variable names to strings.',
    ],
    [
      'a path as its address',
      { id: 'x', command: 'pg', url: '/shop' },
      '"x": "url" must start with http:// or https://.',
    ],
    [
      'an address of another kind',
      { id: 'x', command: 'pg', url: 'file:///etc/passwd' },
      '"x": "url" must start with http:// or https://.',
    ],
    ['port 0', { id: 'x', command: 'pg', port: 0 }, '"x": "port" must be a whole number from 1 to 65535.'],
    [
      'port 65536',
      { id: 'x', command: 'pg', port: 65_536 },
      '"x": "port" must be a whole number from 1 to 65535.',
    ],
    [
      'half a port',
      { id: 'x', command: 'pg', port: 80.5 },
      '"x": "port" must be a whole number from 1 to 65535.',
    ],
    [
      'a port in words',
      { id: 'x', command: 'pg', port: '80' },
      '"x": "port" must be a whole number from 1 to 65535.',
    ],
    [
      'a signal that asks nobody to end',
      { id: 'x', command: 'pg', stopSignal: 'SIGSTOP' },
      '"x": "stopSignal" must be one of SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGKILL.',
    ],
    [
      'a time that has passed',
      { id: 'x', command: 'pg', stopTimeout: -1 },
      '"x": "stopTimeout" must be a number of seconds from 0 to 600.',
    ],
    [
      'a time in words',
      { id: 'x', command: 'pg', stopTimeout: '5 s' },
      '"x": "stopTimeout" must be a number of seconds from 0 to 600.',
    ],
    [
      'a word for restarts that nobody knows',
      { id: 'x', command: 'pg', restart: true },
      '"x": "restart" must be one of never, on-failure, always.',
    ],
    [
      'readiness in a word',
      { id: 'x', command: 'pg', ready: 'soon' },
      '"x": "ready" must be an object with "http", "tcp", "log" or "timeout".',
    ],
    [
      'an unknown way to be ready',
      { id: 'x', command: 'pg', ready: { udp: 1 } },
      '"x": "ready" must be an object with "http", "tcp", "log" or "timeout".',
    ],
    [
      'a page of another server',
      { id: 'x', command: 'pg', ready: { http: '//evil.example/' } },
      '"x": "ready.http" must be a path that starts with /.',
    ],
    [
      'a port in words to be ready on',
      { id: 'x', command: 'pg', ready: { tcp: '5432' } },
      '"x": "ready.tcp" must be true, false or a port from 1 to 65535.',
    ],
    [
      'a port to be ready on that is none',
      { id: 'x', command: 'pg', ready: { tcp: 65_536 } },
      '"x": "ready.tcp" must be true, false or a port from 1 to 65535.',
    ],
    [
      'a broken expression',
      { id: 'x', command: 'pg', ready: { log: '(' } },
      '"x": "ready.log" must be a regular expression.',
    ],
    [
      'no time to become ready',
      { id: 'x', command: 'pg', ready: { timeout: 0 } },
      '"x": "ready.timeout" must be a number of seconds from 1 to 3600.',
    ],
    ['a folder above', { id: 'x', command: 'pg', cwd: '..' }, '"x": "cwd" is outside the workspace folder.'],
    [
      'a folder beside',
      { id: 'x', command: 'pg', cwd: 'a/../../shop2' },
      '"x": "cwd" is outside the workspace folder.',
    ],
    [
      'an absolute folder elsewhere',
      { id: 'x', command: 'pg', cwd: '/etc' },
      '"x": "cwd" is outside the workspace folder.',
    ],
    [
      'a folder above by a variable',
      { id: 'x', command: 'pg', cwd: '${workspaceFolder}2' },
      '"x": "cwd" is outside the workspace folder.',
    ],
    [
      'two faults',
      { id: 'x', command: 7, port: 'y' },
      '"x": "command" must be a string; "port" must be a whole number from 1 to 65535.',
    ],
  ];
  for (const [name, entry, reason] of wrong) {
    it(`are left out with one problem for ${name}, and the others are used`, async () => {
      assert.deepEqual(await draw([{ id: 'a', command: 'one' }, entry, { id: 'b', command: 'two' }]), [
        'shop:a › $ one',
        'shop:b › $ two',
        `! devServers.servers[1]: ${reason}`,
      ]);
    });
  }

  it('leave an id to the first server that has it', async () => {
    assert.deepEqual(
      await draw([
        { id: 'a', command: 'one' },
        { id: 'a ', command: 'two' },
      ]),
      ['shop:a › $ one', '! devServers.servers[1]: "a ": duplicate "id".'],
    );
  });

  it('leave an id free if the first server that has it is invalid', async () => {
    assert.deepEqual(
      await draw([
        { id: 'a', command: 'one', cwd: '..' },
        { id: 'a', command: 'two' },
      ]),
      ['shop:a › $ two', '! devServers.servers[0]: "a": "cwd" is outside the workspace folder.'],
    );
  });

  it('run in a folder that may be written in several ways', async () => {
    const ways = ['.', 'a/../b', '..hidden', '/home/me/shop/b', '${workspaceFolder}', '${workspaceFolder}/b'];
    const entries = ways.map((cwd, index) => ({ id: String(index), command: 'pg', cwd }));
    assert.deepEqual(
      (await configured({ settings: entries })).definitions.map(({ cwd }) => cwd),
      [
        '/home/me/shop',
        '/home/me/shop/b',
        '/home/me/shop/..hidden',
        '/home/me/shop/b',
        '/home/me/shop',
        '/home/me/shop/b',
      ],
    );
  });

  it('stay inside the workspace folder by the rules of Windows there', async () => {
    const context = {
      ...shop,
      platform: 'windows' as const,
      folder: { name: 'shop', path: 'C:\\work\\shop' },
      paths: win32,
    };
    const ways = ['a/b', 'c:\\WORK\\Shop\\a', 'D:\\a', '..\\shop2', '\\a', '${workspaceFolder}\\a'];
    const entries = ways.map((cwd, index) => ({ id: String(index), command: 'pg', cwd }));
    const { definitions, problems } = await configured({ settings: entries, context });
    assert.deepEqual(
      { folders: definitions.map(({ cwd }) => cwd), refused: problems.map(({ file }) => file) },
      {
        folders: ['C:\\work\\shop\\a\\b', 'c:\\WORK\\Shop\\a', 'C:\\work\\shop\\a'],
        refused: ['devServers.servers[2]', 'devServers.servers[3]', 'devServers.servers[4]'],
      },
    );
  });

  it('never cause an exception, whatever the settings contain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (value) => {
        const { definitions, problems } = await configured({ settings: value });
        assert.equal(definitions.length + problems.length, value.length);
      }),
    );
  });
});

async function draw(settings: unknown): Promise<string[]> {
  return drawn(await configured({ settings }));
}
