import assert from 'node:assert/strict';
import { commands, workspace } from 'vscode';
import { stateText } from '../../../src/core/views/stateText.js';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { isAlive, until } from '../../support/processes.js';
import { activeApi, recordOf, stateOf, stopAll } from '../support/servers.js';

const [db, api, web] = ['workspace:db', 'workspace:api', 'workspace:web'] as const;
const group = 'workspace:shop';

const english = {
  t: (message: string, ...args: (string | number)[]) =>
    message.replaceAll(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
};

/** Returns the script of a server that answers after a delay. */
const answering = (afterMs: number): string =>
  `node -e "function tell() { console.log('http://127.0.0.1:' + this.address().port); } setTimeout(() => require('http').createServer((_, answer) => answer.end('ok')).listen(0, '127.0.0.1', tell), ${afterMs})"`;

describe('a group of servers that depend on each other', () => {
  let extension: TestHooks;
  const changes: string[] = [];
  let unsubscribe = (): void => undefined;
  before(async () => {
    extension = await activeApi();
  });
  beforeEach(() => {
    changes.length = 0;
    unsubscribe = extension.registry.onDidChange(({ servers }) => {
      const line = servers
        .filter(({ definition }) => definition.group === 'shop')
        .map(({ definition, state }) => `${definition.name} ${state.kind}`)
        .join(', ');
      if (changes.at(-1) !== line) changes.push(line);
    });
  });
  afterEach(async () => {
    unsubscribe();
    await stopAll(extension);
    await configure(undefined);
  });

  const configure = async (servers: readonly object[] | undefined): Promise<void> => {
    await workspace.getConfiguration('devServers').update('servers', servers, false);
    await commands.executeCommand('devServers.refresh');
  };
  const shop = (apiCommand: string, more: object = {}): Promise<void> =>
    configure([
      { id: 'db', command: answering(300), group: 'shop' },
      { id: 'api', command: apiCommand, group: 'shop', dependsOn: ['db'], ...more },
      { id: 'web', command: answering(0), group: 'shop', dependsOn: ['api'] },
    ]);
  const words = (): string[] =>
    [db, api, web].map((id) => `${id}: ${stateText(recordOf(extension, id).state, english)}`);
  const position = (text: string): number => {
    const at = changes.findIndex((line) => line.split(', ').includes(text));
    assert.notEqual(at, -1, `"${text}" is not in\n${changes.join('\n')}`);
    return at;
  };

  it('starts each server when its dependencies are ready, and stops each after its dependents', async () => {
    await shop(answering(300));
    await commands.executeCommand('devServers.startGroup', group);
    await stateOf(extension, web, 'ready');
    assert.ok(position('db ready') <= position('api reserved'), changes.join('\n'));
    assert.ok(position('api ready') <= position('web reserved'), changes.join('\n'));
    assert.ok(position('web queued') <= position('db starting'), changes.join('\n'));
    const pids = [db, api, web].map((id) => {
      const { state } = recordOf(extension, id);
      return 'run' in state ? state.run.process.pid : 0;
    });

    await commands.executeCommand('devServers.stopGroup', group);
    assert.ok(position('web stopped') <= position('api stopping'), changes.join('\n'));
    const stops = changes.slice(position('web stopping'));
    const firstWith = (text: string): number => stops.findIndex((line) => line.includes(text));
    assert.ok(firstWith('web stopped') <= firstWith('api stopping'), stops.join('\n'));
    assert.ok(firstWith('api stopped') <= firstWith('db stopping'), stops.join('\n'));
    assert.deepEqual(
      pids.map((pid) => isAlive(pid)),
      [false, false, false],
    );
  });

  it('starts the dependencies of a single server', async () => {
    await shop(answering(0));
    await commands.executeCommand('devServers.start', web);
    await stateOf(extension, web, 'ready');
    assert.deepEqual(words(), [`${db}: ready`, `${api}: ready`, `${web}: ready`]);
  });

  it('does not start dependents of a server that exits, with the reason', async () => {
    await shop('node -e "process.exit(3)"');
    await commands.executeCommand('devServers.startGroup', group);
    assert.deepEqual(words(), [
      `${db}: ready`,
      `${api}: crashed (exit 3)`,
      `${web}: not started: api crashed (exit 3)`,
    ]);
  });

  it('does not start dependents of a server that is never ready, with the reason', async () => {
    await shop('node -e "setInterval(() => 0, 1000)"', { ready: { timeout: 1 } });
    await commands.executeCommand('devServers.startGroup', group);
    assert.deepEqual(words(), [
      `${db}: ready`,
      `${api}: not ready after 1 s`,
      `${web}: not started: api is not ready after 1 s`,
    ]);
  });

  it('stops waiting when it is stopped, and is not started later', async () => {
    await shop(answering(500));
    const start = commands.executeCommand('devServers.start', web);
    await until('web waits', () => recordOf(extension, web).state.kind === 'queued');
    await commands.executeCommand('devServers.stop', web);
    await start;
    await stateOf(extension, api, 'ready');
    assert.equal(recordOf(extension, web).state.kind, 'stopped');
  });

  it('starts no server of a dependency cycle', async () => {
    await configure([
      { id: 'db', command: answering(0), group: 'shop', dependsOn: ['web'] },
      { id: 'api', command: answering(0), group: 'shop' },
      { id: 'web', command: answering(0), group: 'shop', dependsOn: ['db'] },
    ]);
    await commands.executeCommand('devServers.startGroup', group);
    await stateOf(extension, api, 'ready');
    assert.deepEqual(
      [db, web].map((id) => recordOf(extension, id).state),
      [
        { kind: 'stopped', lastEnd: undefined },
        { kind: 'stopped', lastEnd: undefined },
      ],
    );
  });
});
