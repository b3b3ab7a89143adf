import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { findOrphans, terminateOrphans } from '../../../src/host/ledger/orphans.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { isAlive, killAll, pidsWith, until, windowIdOf } from '../../support/processes.js';
import { fixture, hostPath, TestHost } from '../support/testHost.js';
import { TestTools } from '../support/testTools.js';
import { ToolHost } from '../support/toolHost.js';

const system = currentPlatform();

/** Unique in each run of the tests, since their processes are killed by this marker. */
const windowId = randomUUID();
const slowEnd = fixture('slowEnd.mjs');
/** Pid above the highest possible one. */
const deadHost = { pid: 2 ** 22 + 7, startTime: '1' };

describe('orphans of a window', () => {
  let folder: string;
  let log: string[];
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
    log = [];
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });

  const endOrphans = (platform = system) =>
    terminateOrphans({
      folder,
      platform,
      log: { info: (message) => log.push(message), error: (message) => log.push(message) },
    });
  /** Starts a process that belongs to no run unless it carries a marker. */
  const makeProcess = async (marker?: string): Promise<number> => {
    // On some systems, an empty environment could not be distinguished from a hidden one.
    const env = { LANG: 'C', ...(marker !== undefined && { DEV_SERVER_REGISTRY_ID: marker }) };
    const child = spawn(process.execPath, [fixture('tree.mjs'), 'plain'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  };
  const write = (text: string): string => {
    const path = join(folder, `${windowId}.json`);
    writeFileSync(path, text);
    return path;
  };
  const writeRun = async (
    pid: number,
    change: { startTime?: string; bootId?: string; members?: { pid: number; startTime: string }[] } = {},
  ): Promise<string> => {
    const identity = await system.identify(pid);
    const bootId = change.bootId ?? identity?.bootId ?? '';
    const startTime = change.startTime ?? identity?.startTime ?? '';
    const run = { runId: `${windowId}-1`, serverId: 'web', cwd: '/', process: { pid, startTime, bootId } };
    return write(
      JSON.stringify({
        schema: 1,
        windowId,
        host: { ...deadHost, bootId },
        runs: [{ ...run, members: change.members, url: undefined }],
      }),
    );
  };

  it('are terminated by their record and their marker, and the record is removed', async () => {
    const pid = await makeProcess(`${windowId}-1`);
    const path = await writeRun(pid);
    assert.deepEqual(await endOrphans(), { ended: ['web'], survivors: [] });
    assert.deepEqual([isAlive(pid), existsSync(path)], [false, false]);
  });

  it('are terminated by their marker alone if they were started just before the end and are not on record', async () => {
    const pid = await makeProcess(`${windowId}-2`);
    const { bootId = '' } = (await system.identify(process.pid)) ?? {};
    write(JSON.stringify({ schema: 1, windowId, host: { ...deadHost, bootId }, runs: [] }));
    await endOrphans();
    assert.equal(isAlive(pid), false);
  });

  it('are terminated by the marker of the process host if they have not executed their program yet', async () => {
    const pid = await makeProcess(`host-${windowId}`);
    const { bootId = '' } = (await system.identify(process.pid)) ?? {};
    write(JSON.stringify({ schema: 1, windowId, host: { ...deadHost, bootId }, runs: [] }));
    await endOrphans();
    assert.equal(isAlive(pid), false);
  });

  it('are terminated by the marker of their run if they had not executed their program in the first scan', async () => {
    const pid = await makeProcess(`${windowId}-2`);
    const { bootId = '' } = (await system.identify(process.pid)) ?? {};
    write(JSON.stringify({ schema: 1, windowId, host: { ...deadHost, bootId }, runs: [] }));
    let isFirst = true;
    const list = async () => {
      const entries = await system.list();
      if (!isFirst) return entries;
      isFirst = false;
      const fork = entries.find((entry) => entry.pid === pid) ?? assert.fail();
      return entries.map((entry) =>
        entry === fork ? Object.create(fork, { marker: { value: `host-${windowId}` } }) : entry,
      );
    };
    await endOrphans({ ...system, list });
    assert.equal(isAlive(pid), false);
  });

  it('never include a foreign process that has the pid now', async () => {
    const pid = await makeProcess();
    const path = await writeRun(pid, { startTime: '1' });
    assert.deepEqual(await endOrphans(), { ended: [], survivors: [] });
    assert.deepEqual([isAlive(pid), existsSync(path)], [true, false]);
  });

  it('never include a foreign process that has the pid and, by chance, the start time', async () => {
    const pid = await makeProcess();
    await writeRun(pid);
    await endOrphans();
    assert.equal(isAlive(pid), true);
  });

  it('include members on record that hide their environment and have left the tree', async () => {
    const [root, left, reused] = await Promise.all([1, 2, 3].map(() => makeProcess()));
    const [member, stranger] = await Promise.all([left, reused].map((pid) => system.identify(pid ?? 0)));
    const path = await writeRun(root ?? 0, {
      startTime: '1',
      members: [
        { pid: left ?? 0, startTime: member?.startTime ?? '' },
        {
          pid: reused ?? 0,
          startTime:
            stranger?.startTime.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)) ?? '',
        },
      ],
    });
    assert.deepEqual(
      (await findOrphans({ folder, platform: system, log: console })).map(({ serverId }) => serverId),
      ['web'],
    );
    assert.deepEqual(await endOrphans(), { ended: ['web'], survivors: [] });
    assert.deepEqual(
      [root, left, reused].map((pid) => isAlive(pid ?? 0)),
      [true, false, true],
    );
    assert.equal(existsSync(path), false);
  });

  it('stay on record if the processes cannot be listed, since they may be alive', async () => {
    const pid = await makeProcess(`${windowId}-1`);
    const path = await writeRun(pid);
    const list = () => Promise.reject(new Error('ps: not found'));
    const platform = { ...system, list };
    const report = await terminateOrphans({ folder, platform, log: { ...console, error: () => undefined } });
    assert.deepEqual(report, { ended: [], survivors: [] });
    assert.deepEqual([isAlive(pid), existsSync(path)], [true, true]);
  });

  it('do not exist after a reboot of the machine', async () => {
    const pid = await makeProcess(`${windowId}-1`);
    const path = await writeRun(pid, { bootId: 'another boot' });
    await endOrphans();
    assert.deepEqual([isAlive(pid), existsSync(path)], [true, false]);
  });

  it('are left alone as long as their process host lives', async () => {
    const pid = await makeProcess(`${windowId}-1`);
    const host = await system.identify(process.pid);
    const path = write(JSON.stringify({ schema: 1, windowId, host, runs: [] }));
    await endOrphans();
    assert.deepEqual([isAlive(pid), existsSync(path)], [true, true]);
  });

  for (const [name, text] of Object.entries({
    empty: '',
    'half written': '{"schema":1,"windowId":"11111111-22',
    'of wrong types': '{"schema":1,"windowId":7}',
    'with an impossible pid': `{"schema":1,"windowId":"${windowId}","host":{"pid":1,"startTime":"1","bootId":"b"},"runs":[]}`,
  })) {
    it(`are handled despite a record that is ${name}, which is put aside and reported once`, async () => {
      const path = write(text);
      assert.deepEqual(await endOrphans(), { ended: [], survivors: [] });
      await endOrphans();
      assert.deepEqual([readFileSync(`${path}.bad`, 'utf8'), existsSync(path), log.length], [text, false, 1]);
    });
  }

  it('are not touched if a later version wrote the record', async () => {
    const path = write('{"schema":2,"news":true}');
    await endOrphans();
    assert.equal(existsSync(path), true);
  });

  it('do not include old unfinished files of a killed writer, which are removed', async () => {
    const [old, young] = ['old', 'young'].map((name) => join(folder, `${name}.json.new`));
    for (const path of [old, young]) writeFileSync(path ?? '', '{');
    utimesSync(old ?? '', 0, 0);
    await endOrphans();
    assert.deepEqual(readdirSync(folder), ['young.json.new']);
  });

  it('do not exist without a folder', async () => {
    assert.deepEqual(
      await terminateOrphans({ folder: join(folder, 'none'), platform: system, log: console }),
      {
        ended: [],
        survivors: [],
      },
    );
  });
});

describe('an orphan that another window adopts', () => {
  /** Starts a server, kills its window with the process host, and opens the next window. */
  async function leaveBehind(
    kind: string,
  ): Promise<{ run: string; second: TestHost; end: () => Promise<void> }> {
    const second = new TestHost();
    const name = randomUUID();
    const run = `${name}-1`;
    const child = spawn(process.execPath, [fixture('tree.mjs'), kind], {
      env: { ...process.env, DEV_SERVER_REGISTRY_ID: run },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    await once(child.stdout, 'data');
    const identity = await system.identify(child.pid ?? 0);
    const host = { ...deadHost, bootId: identity?.bootId };
    const runs = [{ runId: run, serverId: 'test', cwd: '/', process: identity }];
    writeFileSync(
      join(second.ledgerFolder, `${name}.json`),
      JSON.stringify({ schema: 1, windowId: name, host, runs }),
    );
    return { run, second, end: () => second.end() };
  }

  it('is found, on record there, and can be stopped', async () => {
    const { run, second, end } = await leaveBehind('ignores signals');
    const [orphan] = await second.client.findOrphans();
    assert.deepEqual([orphan?.runId, orphan?.serverId], [run, 'test']);
    assert.ok(orphan);
    await second.client.adopt(orphan);
    await second.client.endOrphans(() => 'given');
    assert.equal(pidsWith(run).length, 1);
    assert.deepEqual(await second.client.findOrphans(), []);
    assert.match((await second.client.describeLedger()).join(), /test: pid/);
    const report = await second.client.stop({ runId: run, signal: 'SIGTERM', graceMs: 200 });
    assert.deepEqual([report, pidsWith(run)], [{ forced: true, survivors: [], busyPorts: [] }, []]);
    await end();
  });

  it('is reported when it exits on its own', async () => {
    const { run, second, end } = await leaveBehind('ignores signals');
    const [orphan] = await second.client.findOrphans();
    assert.ok(orphan);
    await second.client.adopt(orphan);
    await second.client.endOrphans(() => 'given');
    killAll(pidsWith(run));
    assert.deepEqual((await second.event(run, 'ended')).exit, { kind: 'unknown' });
    await end();
  });

  it('ends with the window that adopted it', async () => {
    const { run, second, end } = await leaveBehind('ignores signals');
    const [orphan] = await second.client.findOrphans();
    assert.ok(orphan);
    await second.client.adopt(orphan);
    await second.client.endOrphans(() => 'given');
    await end();
    assert.deepEqual(pidsWith(run), []);
  });

  it('is left alone, and stays on record, if it is kept for a third window', async () => {
    const { run, second, end } = await leaveBehind('ignores signals');
    await second.client.endOrphans(() => 'kept');
    assert.deepEqual([(await second.client.findOrphans()).length, pidsWith(run).length], [1, 1]);
    await second.client.endOrphans();
    assert.deepEqual(pidsWith(run), []);
    await end();
  });
});

describe('a process host that is killed', () => {
  it('ends its servers, even those that ignore signals, and the next start works', async () => {
    const host = new TestHost();
    const runs = await Promise.all(
      ['ignores signals', 'has a daemon', 'plain'].map((kind) => host.node(fixture('tree.mjs'), kind)),
    );
    for (const run of runs) await host.watch(run).until('ready');
    process.kill(host.client.pid ?? 0, 'SIGKILL');
    await until('the loss', () => host.events.some(({ kind }) => kind === 'hostLost'));
    assert.deepEqual(runs.flatMap(pidsWith), []);
    await host.node(fixture('tree.mjs'), 'plain');
    await host.end();
  });

  it('gives its servers their own signal, once, and time to shut down', async () => {
    const host = new ToolHost();
    const folder = host.tools.project({ 'package.json': { scripts: { dev: `node '${slowEnd}'` } } });
    const ends = join(folder, 'ends');
    const env = { ...host.tools.environment(), SLOW_END_FILE: ends };
    const stop = { signal: 'SIGINT', graceMs: 200_000 } as const;
    const run = await host.shell('npm run dev', { cwd: folder, env, stop });
    await host.watch(run).until(' listens');
    process.kill(host.client.pid ?? 0, 'SIGKILL');
    await until('the loss', () => host.events.some(({ kind }) => kind === 'hostLost'));
    assert.deepEqual([readFileSync(ends, 'utf8'), pidsWith(run)], ['server: clean end after SIGINT\n', []]);
    await host.client.dispose();
    rmSync(host.ledgerFolder, { recursive: true });
    rmSync(host.logFolder, { recursive: true });
    host.tools.end();
  });

  for (const isWindowFirst of [true, false]) {
    it(`does so without a next window when its window is killed ${isWindowFirst ? 'before' : 'after'} it`, async () => {
      const tools = new TestTools();
      const folder = tools.project({ 'package.json': { scripts: { dev: `node '${slowEnd}'` } } });
      const ends = join(folder, 'ends');
      const ledgerFolder = join(folder, 'ledger');
      const name = randomUUID();
      const window = spawn(
        process.execPath,
        [fixture('killedWindow.mjs'), hostPath, ledgerFolder, name, folder, 'npm run dev > output'],
        {
          env: { ...process.env, ...tools.environment(), SLOW_END_FILE: ends },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const [text] = (await once(window.stdout, 'data')) as [Buffer];
      const output = join(folder, 'output');
      await until(
        'the server',
        () => existsSync(output) && readFileSync(output, 'utf8').includes(' listens'),
      );
      await until('its record', () => readdirSync(ledgerFolder).join().includes('.json'));
      const hostPid = Number(text.toString());
      const victims = [window.pid ?? 0, hostPid];
      // Between the two kills, it could begin a stop, which asks the server once more.
      process.kill(hostPid, 'SIGSTOP');
      killAll(isWindowFirst ? victims : victims.toReversed());
      await until(
        'the end of all',
        () => pidsWith(name).length === 0 && readdirSync(ledgerFolder).length === 0,
      );
      assert.equal(readFileSync(ends, 'utf8'), 'server: clean end after SIGINT\n');
      tools.end();
    });
  }

  it('has its own marker, which processes that it has just forked still carry', async () => {
    const host = new TestHost();
    const run = await host.node(fixture('tree.mjs'), 'plain');
    // Before that, the new process may still be a copy of the process host.
    await host.watch(run).until('ready');
    const window = windowIdOf(run);
    assert.deepEqual(pidsWith(`DEV_SERVER_REGISTRY_ID=host-${window}\0`), [host.client.pid]);
    await host.end();
  });

  it('keeps its servers running if its record cannot be written', async () => {
    const host = new TestHost();
    rmSync(host.ledgerFolder, { recursive: true });
    writeFileSync(host.ledgerFolder, 'a file where the folder should be');
    const run = await host.node(fixture('tree.mjs'), 'ignores signals');
    process.kill(host.client.pid ?? 0, 'SIGKILL');
    await until('the loss', () => host.events.some(({ kind }) => kind === 'hostLost'));
    assert.deepEqual(pidsWith(run), []);
    assert.match(host.log.join('\n'), /EEXIST|ENOTDIR/);
    await host.client.dispose();
    rmSync(host.ledgerFolder);
    rmSync(host.logFolder, { recursive: true });
  });
});
