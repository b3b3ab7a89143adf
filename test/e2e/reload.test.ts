import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { filesBelow } from '../../scripts/lib/files.mjs';
import { repoRoot } from '../../scripts/lib/paths.mjs';
import { writeSettings } from '../../scripts/vscode/userSettings.mjs';
import { killAll, until } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';
import { watchView, type ViewTimes } from './support/viewTimes.js';
import { Workbench } from './support/workbench.js';

/** Number of reloads in a row: few with all tests, more each night. */
const reloads = Number(process.env['RELOADS'] ?? 1);

/** Time for one reload with its checks on a slow machine, milliseconds. */
const reloadLimitMs = 120_000;

const program = join(repoRoot, 'test/fixtures/processes/reloadServer.mjs');
const run = (kind: string): string => `node ${JSON.stringify(program)} ${kind}`;
const servers = [
  { id: 'flood', command: run('flood'), ready: { log: 'flood 1' } },
  { id: 'late', command: run('late') },
  { id: 'slow', command: run('slow'), stopTimeout: 60 },
  { id: 'gate', command: run('gate') },
  { id: 'waiting', command: run('waiting'), dependsOn: ['gate'] },
  { id: 'crasher', command: run('crasher'), restart: 'on-failure' },
];

/** The longest grace: on a busy machine the editor may need minutes to load a window again. */
const reloading = {
  'devServers.onWindowClose': 'reload',
  'devServers.reloadGrace': 3600,
  'devServers.readyTimeout': 3600,
  'terminal.integrated.scrollback': 20_000,
};

/** So short that servers that live for longer are kept by the mode. */
const graceOfKeepingMs = 1000;
const keeping = {
  'devServers.onWindowClose': 'keep',
  'devServers.reloadGrace': graceOfKeepingMs / 1000,
};

test.describe('servers of a reloaded window', () => {
  let workbench: Workbench;
  const window = useWorkbench({
    prepare: (workspace) => {
      mkdirSync(join(workspace, '.vscode'), { recursive: true });
      const group = 'shop';
      const settings = { 'devServers.servers': servers.map((server) => Object.assign(server, { group })) };
      writeFileSync(join(workspace, '.vscode/settings.json'), JSON.stringify(settings));
    },
    settings: reloading,
  });
  test.beforeAll(async () => {
    workbench = window();
    await workbench.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.page.addInitScript(watchView('flood'));
    await workbench.openDevServers();
    await workbench.clickRowAction(['shop'], 'Start Group');
    await showsAll();
    for (const id of ['slow', 'crasher']) {
      const address = await workbench.rowDescription('shop', id).innerText();
      await workbench.clickRowMenu(['shop', id], 'Show Terminal');
      await workbench.terminal.filter({ hasText: address }).waitFor();
    }
    await workbench.clickRowAction(['shop', 'flood'], 'Show Terminal');
  });

  const path = (name: string): string => join(workbench.workspace, name);

  /** Pids of the programs of a server, without the shell above each. */
  const pidsOf = (kind: string): number[] =>
    workbench.server
      .processes()
      .filter(
        ({ command }) => /^(?:\S*\/)?node /u.test(command) && command.endsWith(`reloadServer.mjs ${kind}`),
      )
      .map(({ pid }) => pid);

  const allPids = (): number[] => servers.flatMap(({ id }) => pidsOf(id));

  /** Returns how often a server has been started. */
  const starts = (kind: string): number =>
    readFileSync(path('starts'), 'utf8')
      .split('\n')
      .filter((line) => line === kind).length;

  /** Waits until all servers are as they are before each reload. */
  async function showsAll(): Promise<void> {
    for (const id of ['late', 'slow', 'crasher']) await workbench.waitForRow(['shop', id], /:\d+/);
    await workbench.waitForRow(['shop', 'flood'], 'ready');
    await workbench.waitForRow(['shop', 'waiting'], 'waiting for gate');
  }

  /** Asserts that the numbers have neither a double nor a gap, except where the text says that some are left out. */
  function assertNumbered(text: string): void {
    let last: number | undefined;
    let isSkipped = false;
    let count = 0;
    for (const [, number, skipped] of text.matchAll(/flood (\d+)\r?\n|(MB skipped here)/gu)) {
      if (skipped !== undefined) isSkipped = true;
      else {
        const expected = (last ?? Number(number) - 1) + 1;
        if (Number(number) !== expected && !(isSkipped && Number(number) > expected))
          assert.fail(`${number} follows ${expected - 1}`);
        last = Number(number);
        isSkipped = false;
        count += 1;
      }
    }
    assert.ok(count > 20, text.slice(-1000));
  }

  function assertLogNumbered(): void {
    const texts = filesBelow(join(workbench.server.userData, 'globalStorage'), '.log')
      .map((file) => readFileSync(file, 'utf8'))
      .filter((text) => text.includes('flood '));
    const first = (text: string): number => Number(/flood (\d+)\r?\n/u.exec(text)?.[1]);
    assertNumbered(texts.toSorted((one, other) => first(one) - first(other)).join(''));
  }

  /** Returns the servers whose terminals are open, in their order. The editor itself may open a shell beside them. */
  async function openTerminals(): Promise<string[]> {
    const tabs = await workbench.page.locator('.terminal-tabs-entry').allInnerTexts();
    return tabs.map((tab) => tab.trim()).filter((tab) => servers.some(({ id }) => id === tab));
  }

  /** Returns how long it took until the tree had the servers again, for the output of the test. */
  async function timesOfReload(): Promise<string> {
    const times = await workbench.page.evaluate<ViewTimes>('viewTimes');
    return `${logged(/Took over .*/gu).at(-1)} ${JSON.stringify(times)}`;
  }

  /** Returns what the windows have logged that matches, the last window's at the end. */
  function logged(pattern: RegExp): string[] {
    const changed = (file: string): number => statSync(file).mtimeMs;
    const logs = filesBelow(dirname(workbench.server.logFile), 'Dev Servers.log').toSorted(
      (one, other) => changed(one) - changed(other),
    );
    return logs.flatMap((file) => readFileSync(file, 'utf8').match(pattern) ?? []);
  }

  async function closeWindow(): Promise<void> {
    await workbench.page.close({ runBeforeUnload: true });
    await until('the end of the window', () => workbench.server.extensionHosts().length === 0);
  }

  /** Opens the workspace in another window. */
  async function openAgain(address: string): Promise<void> {
    workbench = new Workbench(await workbench.context.newPage(), workbench.server, workbench.copy);
    await workbench.open(address);
    await workbench.openDevServers();
  }

  /** Returns the terminals whose names show that their servers have problems. */
  const troubled = () => workbench.page.locator('.terminal-tabs-entry .codicon-error');

  /** Returns all that the terminal shows that a command has just revealed, its scrollback included. */
  async function terminalText(): Promise<string> {
    // The focus that comes with the terminal closes a palette that is open before.
    await workbench.page.locator('.xterm.focus').waitFor();
    await workbench.runCommand('Terminal: Select All');
    await workbench.runCommand('Terminal: Copy Selection');
    return workbench.page.evaluate<string>('navigator.clipboard.readText()');
  }

  test(`keep running with their terminals and logs through ${reloads} reloads`, async () => {
    test.setTimeout((reloads + 2) * reloadLimitMs);
    for (let round = 1; round <= reloads; round += 1) {
      const before = { flood: pidsOf('flood'), gate: pidsOf('gate'), crasher: pidsOf('crasher') };
      const terminals = await openTerminals();
      const counts = { late: starts('late'), crasher: starts('crasher') };
      await workbench.clickRowActionUntil(['shop', 'late'], 'Stop Server', () => pidsOf('late').length === 0);
      await workbench.waitForStopped(['shop', 'late']);
      await workbench.clickRowActionUntil(
        ['shop', 'late'],
        'Start Server',
        () => starts('late') > counts.late,
      );
      await workbench.clickRowActionUntil(
        ['shop', 'slow'],
        'Stop Server',
        async () =>
          pidsOf('slow').length === 0 ||
          (await workbench.row('shop', 'slow').filter({ hasText: 'stopping' }).isVisible()),
      );
      writeFileSync(path('crash'), '');
      await until('the crash', () => !existsSync(path('crash')));
      await workbench.reload();

      await workbench.openDevServers();
      await workbench.waitForStopped(['shop', 'slow']);
      console.log(`reload ${round}: ${await timesOfReload()}`);
      // The end of a shutdown is logged, too.
      assert.equal(logged(/held for the next window/gu).length, round);
      await workbench.waitForRow(['shop', 'late'], /:\d+/);
      await workbench.waitForRow(['shop', 'crasher'], /:\d+/);
      await workbench.waitForRow(['shop', 'flood'], 'ready');
      await workbench.waitForRow(['shop', 'waiting'], 'waiting for gate');
      assert.deepEqual(
        { flood: pidsOf('flood'), gate: pidsOf('gate') },
        { flood: before.flood, gate: before.gate },
      );
      for (const [id, copies] of Object.entries({
        flood: 1,
        late: 1,
        slow: 0,
        gate: 1,
        waiting: 0,
        crasher: 1,
      }))
        assert.equal(pidsOf(id).length, copies, `copies of ${id}`);
      assert.notDeepEqual(pidsOf('crasher'), before.crasher);
      assert.deepEqual(
        { late: starts('late'), crasher: starts('crasher') },
        { late: counts.late + 1, crasher: counts.crasher + 1 },
      );
      assertLogNumbered();
      await workbench.clickRowActionUntil(['shop', 'flood'], 'Show Terminal', () =>
        workbench.page.locator('.xterm.focus').isVisible(),
      );
      assert.deepEqual(await openTerminals(), terminals);
      await until('names without trouble', async () => (await troubled().count()) === 0);
      assertNumbered(await terminalText());
      if (round === 1 || round === reloads)
        await workbench.screenshot(`45-reload-${round === 1 ? 'first' : 'last'}`);

      if (round === reloads) break;
      const crashers = starts('crasher');
      await workbench.clickRowActionUntil(['shop', 'slow'], 'Start Server', () => pidsOf('slow').length > 0);
      await workbench.clickRowActionUntil(
        ['shop', 'crasher'],
        'Restart Server',
        () => starts('crasher') > crashers,
      );
      await showsAll();
    }
  });

  test('keep running when the extension host is killed', async () => {
    const killed = workbench.server.extensionHosts();
    killAll(killed);
    await until('another extension host', () =>
      workbench.server.extensionHosts().some((pid) => !killed.includes(pid)),
    );
    await workbench.clickRowAction(['shop', 'slow'], 'Start Server');
    await workbench.waitForRow(['shop'], '4 of 6 ready');
    // What waits can only go on in the new one.
    writeFileSync(path('go'), '');
    await workbench.waitForRow(['shop'], '6 of 6 ready');
    assertLogNumbered();
  });

  test('keep running in mode keep, for the next window', async () => {
    writeSettings(workbench.server.userData, { ...reloading, ...keeping });
    await workbench.reload();
    await workbench.openDevServers();
    await workbench.waitForRow(['shop'], '6 of 6 ready');
    const address = workbench.page.url();
    const pids = allPids();
    await closeWindow();
    await sleep(graceOfKeepingMs + 5000);
    assert.deepEqual(allPids(), pids);
    writeSettings(workbench.server.userData, { ...reloading, ...keeping, 'devServers.keepFor': 0.01 });
    await openAgain(address);
    await workbench.waitForRow(['shop'], '6 of 6 ready');
    assert.deepEqual(allPids(), pids);
    assertLogNumbered();
  });

  test('are stopped in mode stop', async () => {
    await workbench.clickRowAction(['shop'], 'Stop Group');
    for (const { id } of servers) await workbench.waitForStopped(['shop', id]);
    assert.deepEqual(allPids(), []);
  });

  test('are stopped when the time for which they are kept is over', async () => {
    await workbench.clickRowAction(['shop', 'slow'], 'Start Server');
    await workbench.waitForRow(['shop', 'slow'], /:\d+/);
    await closeWindow();
    assert.equal(pidsOf('slow').length, 1);
    await until('the end of the server', () => allPids().length === 0);
  });
});
