import assert from 'node:assert/strict';
import { join } from 'node:path';
import { bind, isAlive, isFree, killAll, until } from '../support/processes.js';
import { cleanEnds, writeSlowServer } from '../support/slowServer.js';
import { test, useWorkbench } from './support/test.js';
import type { Workbench } from './support/workbench.js';

const servers = [
  { row: ['apps/web', 'dev'], name: 'web' },
  { row: ['apps/api', 'dev'], name: 'api' },
  { row: ['apps/stubborn', 'dev'], name: 'stubborn' },
];

/** Starts three servers, one of which ignores every polite signal. Returns their processes. */
async function startThree(workbench: Workbench): Promise<number[]> {
  await workbench.openDevServers();
  for (const { row } of servers) await workbench.clickRowAction(row, 'Start Server');
  for (const { row, name } of servers) await workbench.waitForRow(row, workbench.addressOf(name));
  const pids = workbench.serverPids();
  assert.ok(pids.length >= servers.length, `${pids.length} processes`);
  return pids;
}

/** Starts these servers and a server below npm that needs time to shut down. */
async function startFour(workbench: Workbench): Promise<number[]> {
  const row = ['apps/slow', 'dev'];
  await workbench.openDevServers();
  await workbench.clickRowAction(row, 'Start Server');
  await workbench.waitForRow(row, /:\d+/);
  return startThree(workbench);
}

/** The time is short in comparison to the grace of a window that is gone, since the machine may be busy. */
const prepareSlowServer = (workspace: string): void => writeSlowServer(join(workspace, 'apps/slow'), 400);

/** Asserts that the slow server has completed its shutdown each time. */
function assertCleanEnds({ copy }: Workbench, count: number): void {
  assert.equal(cleanEnds(join(copy.path, 'apps/slow')), count);
}

/** Asserts that five seconds after the end of the window nothing of its servers is left. */
async function assertNothingIsLeft(workbench: Workbench, pids: readonly number[]): Promise<void> {
  await until(
    'every process of every server is dead',
    () => !pids.some(isAlive) && workbench.serverPids().length === 0,
  );
  for (const { name } of servers)
    await until(`the port of ${name} is free`, () => isFree(workbench.portOf(name)));
}

test.describe('a window that ends', () => {
  const window = useWorkbench({ prepare: prepareSlowServer });

  test('because its extension host is killed, leaves no process of its servers', async () => {
    const pids = await startFour(window());
    killAll(window().server.extensionHosts());
    await assertNothingIsLeft(window(), pids);
    assertCleanEnds(window(), 1);
  });

  test('because it is reloaded, leaves no process of its servers', async () => {
    const pids = await startFour(window());
    await window().reload();
    // A reloaded window shows the same view.
    await window().tree.waitFor();
    await assertNothingIsLeft(window(), pids);
    assertCleanEnds(window(), 2);
  });

  test('because it is closed, leaves no process of its servers', async () => {
    const pids = await startFour(window());
    await window().page.close({ runBeforeUnload: true });
    await assertNothingIsLeft(window(), pids);
    assertCleanEnds(window(), 3);
  });
});

test.describe('a window that ends with all of VS Code', () => {
  test('because every process is killed at once, leaves no process of its servers', async ({ open }) => {
    const workbench = await open({ ownEditor: {} });
    const pids = await startThree(workbench);
    const own = new Set(workbench.serverPids());
    const editor = workbench.server
      .processes()
      .filter(({ pid, command }) => !own.has(pid) && !command.includes('dist/host.js'));
    killAll(editor.map(({ pid }) => pid));
    await assertNothingIsLeft(workbench, pids);
  });
});

test.describe('a window that was killed with its process host', () => {
  test('has its server adopted by the next one, which can stop it', async ({ open }) => {
    const stubborn = ['apps/stubborn', 'dev'];
    const workbench = await open({
      settings: { 'devServers.orphans': 'adopt', 'devServers.stopTimeout': 1 },
    });
    await workbench.openDevServers();
    await workbench.clickRowAction(stubborn, 'Start Server');
    await workbench.waitForRow(stubborn, workbench.addressOf('stubborn'));
    const hosts = workbench.server.processes().filter(({ command }) => command.includes('dist/host.js'));
    killAll([...workbench.server.extensionHosts(), ...hosts.map(({ pid }) => pid)]);
    await workbench.reload();
    await workbench.tree.waitFor();
    await workbench.waitForRow(stubborn, `${workbench.addressOf('stubborn')} · adopted`);
    await workbench.screenshot('9-adopted');
    await workbench.clickRowAction(stubborn, 'Stop Server');
    await workbench.waitForStopped(stubborn);
    await bind(workbench.portOf('stubborn'));
  });
});
