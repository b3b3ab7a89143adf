import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../scripts/lib/files.mjs';
import { killAll, until } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';
import type { Workbench } from './support/workbench.js';

const answer = `node -e "require('http').createServer((_, answer) => answer.end('ok')).listen(0, '127.0.0.1')"`;
const servers = [
  { id: 'web', command: answer, group: 'shop' },
  {
    id: 'counter',
    command: 'i=0; while :; do i=$((i + 1)); echo "line $i"; sleep 0.01; done',
    ready: { log: 'line 1' },
    group: 'shop',
  },
  { id: 'db', command: `while [ ! -f go ]; do sleep 0.1; done; ${answer}`, group: 'shop' },
  { id: 'api', command: answer, group: 'shop', dependsOn: ['db'] },
];

test.describe('servers of a window that is loaded again', () => {
  let workbench: Workbench;
  let pids: number[];
  const window = useWorkbench({
    prepare: (workspace) => {
      mkdirSync(join(workspace, '.vscode'), { recursive: true });
      const settings = { 'devServers.servers': servers };
      writeFileSync(join(workspace, '.vscode/settings.json'), JSON.stringify(settings));
    },
    settings: { 'devServers.onWindowClose': 'reload', 'devServers.reloadGrace': 60 },
  });
  test.beforeAll(async () => {
    workbench = window();
    await workbench.openDevServers();
    await workbench.clickRowAction(['shop'], 'Start Group');
    await workbench.waitForRow(['shop', 'web'], /:\d+/);
    await workbench.waitForRow(['shop', 'counter'], 'ready');
    await workbench.waitForRow(['shop', 'api'], 'waiting for db');
    pids = workbench.serverPids();
  });

  /** Asserts that the numbers of the counter have neither a gap nor a double. */
  function assertNumbered(text: string): void {
    const numbers = [...text.matchAll(/line (\d+)\r?\n/g)].map(([, number]) => Number(number));
    assert.ok(numbers.length > 20, text.slice(-1000));
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => (numbers[0] ?? 0) + index),
    );
  }

  /** The processes without those that the counter starts and ends. */
  const lasting = (all: readonly number[]): number[] => all.filter((pid) => pids.includes(pid));

  const log = (): string =>
    filesBelow(join(workbench.server.userData, 'globalStorage'), '.log')
      .map((path) => readFileSync(path, 'utf8'))
      .join('');

  async function assertSameServers(): Promise<void> {
    await workbench.openDevServers();
    await workbench.waitForRow(['shop', 'web'], /:\d+/);
    await workbench.waitForRow(['shop', 'counter'], 'ready');
    await workbench.waitForRow(['shop', 'api'], 'waiting for db');
  }

  test('live on with their terminals and logs, and what waits goes on waiting', async () => {
    const web = await workbench.rowDescription('shop', 'web').innerText();
    await workbench.clickRowMenu(['shop', 'counter'], 'Show Terminal');
    await workbench.terminal.filter({ hasText: 'line ' }).waitFor();
    await workbench.reload();
    await assertSameServers();
    assert.equal(await workbench.rowDescription('shop', 'web').innerText(), web);
    await workbench.screenshot('45-reloaded');
    await workbench.clickRowMenu(['shop', 'counter'], 'Show Terminal');
    await workbench.terminal.filter({ hasText: 'line ' }).waitFor();
    await workbench.screenshot('46-reloaded-terminal');
    assertNumbered(log());
  });

  test('live on when the extension host is killed', async () => {
    const killed = workbench.server.extensionHosts();
    killAll(killed);
    await until('another extension host', () =>
      workbench.server.extensionHosts().some((pid) => !killed.includes(pid)),
    );
    // What waits can only go on in the new one.
    writeFileSync(join(workbench.workspace, 'go'), '');
    await workbench.waitForRow(['shop'], '4 of 4 ready');
    assertNumbered(log());
  });

  test('are stopped as before', async () => {
    await workbench.clickRowAction(['shop'], 'Stop Group');
    for (const { id } of servers) await workbench.waitForStopped(['shop', id]);
    assert.deepEqual(lasting(workbench.serverPids()), []);
  });
});
