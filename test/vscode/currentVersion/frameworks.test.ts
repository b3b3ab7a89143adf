import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { commands, ConfigurationTarget, workspace } from 'vscode';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { bind, pidsWith, until } from '../../support/processes.js';
import { activeApi, addressIn, portOf, recordOf, stateOf, stopAll } from '../support/servers.js';
import { isIdle } from '../../../src/core/server/stateQueries.js';

interface Framework {
  readonly name: string;
  /** Server id without the name of the workspace folder. */
  readonly id: string;
  readonly port: number;
  /** Reason why this machine cannot test it. */
  readonly missing?: string;
}

interface Python {
  readonly path: string;
  readonly has: (module: string) => boolean;
}

const python = findPython();

/** Servers without a package.json; they run where their languages are installed. */
const settings = [
  { id: 'http-server', command: `${python.path} -m http.server ${portOf('httpServer')}`, cwd: 'static' },
  { id: 'django', command: `${python.path} manage.py runserver ${portOf('django')}`, cwd: 'django' },
  { id: 'flask', command: `${python.path} -m flask run --port ${portOf('flask')}`, cwd: 'flask' },
  { id: 'php', command: `php -S 127.0.0.1:${portOf('php')}`, cwd: 'php' },
];

const frameworks: readonly Framework[] = [
  { name: 'Vite', id: '/vite:dev', port: portOf('vite') },
  { name: 'Next.js', id: '/next:dev', port: portOf('next') },
  { name: 'Astro', id: '/astro:dev', port: portOf('astro') },
  { name: 'Express', id: '/express:dev', port: portOf('express') },
  ofPython('http.server', ':http-server', portOf('httpServer'), 'http.server'),
  ofPython('Django', ':django', portOf('django'), 'django'),
  ofPython('Flask', ':flask', portOf('flask'), 'flask'),
  {
    name: 'PHP',
    id: ':php',
    port: portOf('php'),
    ...(succeeds('php', '--version') ? {} : { missing: 'php is not installed' }),
  },
];

describe('a framework', () => {
  let api: TestHooks;
  before(async () => {
    api = await activeApi();
    await workspace.getConfiguration('devServers').update('servers', settings, ConfigurationTarget.Workspace);
    await until('the servers of the settings', () =>
      frameworks.every(({ id }) =>
        api.registry.current.servers.some((server) => server.definition.id.endsWith(id)),
      ),
    );
  });
  afterEach(() => stopAll(api));

  for (const { name, id, port, missing } of frameworks) {
    if (missing !== undefined) {
      it.skip(`${name} is not tested, as ${missing}`);
      continue;
    }

    it(`${name} starts, answers at the address that is told, and stops without a trace`, async () => {
      const server = `workspace${id}`;
      await commands.executeCommand('devServers.start', server);
      await until(`${name} is ready or has failed`, () =>
        ['ready', 'crashed', 'stopped'].includes(recordOf(api, server).state.kind),
      );
      const ready = await stateOf(api, server, 'ready');
      const address = addressIn(ready);
      assert.equal(Number(new URL(address).port), port);
      const response = await fetch(address);
      assert.equal(response.status, 200);
      assert.match(
        (await response.text()).replaceAll('<!-- -->', ''),
        new RegExp(`It is ${name} that answers`),
      );

      await commands.executeCommand('devServers.stop', server);
      assert.ok(isIdle(recordOf(api, server).state));
      assert.deepEqual(pidsWith(ready.run.id), []);
      await bind(port);
    });
  }
});

function ofPython(name: string, id: string, port: number, module: string): Framework {
  const missing = python.path === '' ? 'python3 is not installed' : `python3 has no ${module}`;
  return { name, id, port, ...(python.has(module) ? {} : { missing }) };
}

/** Finds the Python with most of the tested modules: the system's Python may have them and not be first in the path. */
function findPython(): Python {
  const paths = ['python3', '/usr/bin/python3'].filter((path) => succeeds(path, '--version'));
  const has = (path: string, module: string): boolean => succeeds(path, '-c', `import ${module}`);
  const path = paths.find((candidate) => has(candidate, 'django, flask')) ?? paths[0] ?? '';
  return { path, has: (module) => path !== '' && has(path, module) };
}

function succeeds(file: string, ...args: readonly string[]): boolean {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}
