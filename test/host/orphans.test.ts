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
import { build } from 'esbuild';
import { endOrphans } from '../../src/host/orphans.js';
import { linux } from '../../src/host/platform/linux.js';
import { isAlive, killAll, pidsWith, until } from '../support/processes.js';
import { fixture, hostPath, TestHost } from './support/testHost.js';

const windowId = '11111111-2222-3333-4444-555555555555';
/** No process has so high a number. */
const deadHost = { pid: 2 ** 22 + 7, startTime: '1' };

describe('what a window left running', () => {
  let folder: string;
  let log: string[];
  const strangers: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
    log = [];
  });
  afterEach(async () => {
    for (const stranger of strangers.splice(0)) {
      stranger.kill('SIGKILL');
      if (stranger.exitCode === null && stranger.signalCode === null) await once(stranger, 'exit');
    }
    rmSync(folder, { recursive: true });
  });

  const settle = () =>
    endOrphans({
      folder,
      platform: linux,
      log: { info: (message) => log.push(message), error: (message) => log.push(message) },
    });
  /** A process that belongs to nobody here unless its environment says so. */
  const makeProcess = async (marker?: string): Promise<number> => {
    const env = marker === undefined ? {} : { DEV_SERVER_REGISTRY_ID: marker };
    const child = spawn(process.execPath, [fixture('tree.mjs'), 'plain'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    strangers.push(child);
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
    change: { startTime?: string; bootId?: string } = {},
  ): Promise<string> => {
    const identity = await linux.identify(pid);
    const bootId = change.bootId ?? identity?.bootId ?? '';
    const startTime = change.startTime ?? identity?.startTime ?? '';
    const run = { runId: `${windowId}-1`, serverId: 'web', cwd: '/', process: { pid, startTime, bootId } };
    return write(
      JSON.stringify({
        schema: 1,
        windowId,
        host: { ...deadHost, bootId },
        runs: [{ ...run, url: undefined }],
      }),
    );
  };

  it('is ended by its record and its marker, and the record goes', async () => {
    const pid = await makeProcess(`${windowId}-1`);
    const path = await writeRun(pid);
    assert.deepEqual(await settle(), { ended: ['web'], survivors: [] });
    assert.deepEqual([isAlive(pid), existsSync(path)], [false, false]);
  });

  it('is ended by its marker alone when it was started just before the end and is not in the record', async () => {
    const pid = await makeProcess(`${windowId}-2`);
    const { bootId = '' } = (await linux.identify(process.pid)) ?? {};
    write(JSON.stringify({ schema: 1, windowId, host: { ...deadHost, bootId }, runs: [] }));
    await settle();
    assert.equal(isAlive(pid), false);
  });

  it('is never a stranger who has the pid now', async () => {
    const pid = await makeProcess();
    const path = await writeRun(pid, { startTime: '1' });
    assert.deepEqual(await settle(), { ended: [], survivors: [] });
    assert.deepEqual([isAlive(pid), existsSync(path)], [true, false]);
  });

  it('is never a stranger who has the pid and by chance the start time', async () => {
    const pid = await makeProcess();
    await writeRun(pid);
    await settle();
    assert.equal(isAlive(pid), true);
  });

  it('is nothing when the machine was started anew since', async () => {
    const pid = await makeProcess(`${windowId}-1`);
    const path = await writeRun(pid, { bootId: 'another boot' });
    await settle();
    assert.deepEqual([isAlive(pid), existsSync(path)], [true, false]);
  });

  it('is left alone as long as its process host lives', async () => {
    const pid = await makeProcess(`${windowId}-1`);
    const host = await linux.identify(process.pid);
    const path = write(JSON.stringify({ schema: 1, windowId, host, runs: [] }));
    await settle();
    assert.deepEqual([isAlive(pid), existsSync(path)], [true, true]);
  });

  for (const [name, text] of Object.entries({
    empty: '',
    'half written': '{"schema":1,"windowId":"11111111-22',
    'of wrong types': '{"schema":1,"windowId":7}',
    'with an impossible pid': `{"schema":1,"windowId":"${windowId}","host":{"pid":1,"startTime":"1","bootId":"b"},"runs":[]}`,
  })) {
    it(`does not hang on a record that is ${name}: it is put aside and told once`, async () => {
      const path = write(text);
      assert.deepEqual(await settle(), { ended: [], survivors: [] });
      await settle();
      assert.deepEqual([readFileSync(`${path}.bad`, 'utf8'), existsSync(path), log.length], [text, false, 1]);
    });
  }

  it('is not touched when a later version wrote the record', async () => {
    const path = write('{"schema":2,"news":true}');
    await settle();
    assert.equal(existsSync(path), true);
  });

  it('does not keep what a writer that was killed had begun to write, once it is old', async () => {
    const [old, young] = ['old', 'young'].map((name) => join(folder, `${name}.json.new`));
    for (const path of [old, young]) writeFileSync(path ?? '', '{');
    utimesSync(old ?? '', 0, 0);
    await settle();
    assert.deepEqual(readdirSync(folder), ['young.json.new']);
  });

  it('is nothing where there is no folder', async () => {
    assert.deepEqual(await endOrphans({ folder: join(folder, 'none'), platform: linux, log: console }), {
      ended: [],
      survivors: [],
    });
  });
});

describe('what a window left running and another adopts', () => {
  /** A server whose window is gone, process host and all, and the window that opens next. */
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
    const identity = await linux.identify(child.pid ?? 0);
    const host = { ...deadHost, bootId: identity?.bootId };
    const runs = [{ runId: run, serverId: 'test', cwd: '/', process: identity }];
    writeFileSync(
      join(second.ledgerFolder, `${name}.json`),
      JSON.stringify({ schema: 1, windowId: name, host, runs }),
    );
    return { run, second, end: () => second.end() };
  }

  it('is found, stopped by the one that adopted it, and on record there', async () => {
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

  it('is told when it ends by itself', async () => {
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

  it('is left alone, and on record, when it is kept for another', async () => {
    const { run, second, end } = await leaveBehind('ignores signals');
    await second.client.endOrphans(() => 'kept');
    assert.deepEqual([(await second.client.findOrphans()).length, pidsWith(run).length], [1, 1]);
    await second.client.endOrphans();
    assert.deepEqual(pidsWith(run), []);
    await end();
  });
});

describe('a process host that is killed', () => {
  it('takes its servers along, even those that ignore everything, and the next start works', async () => {
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

  it('costs nobody a server when its record cannot be written', async () => {
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

describe('chaos', () => {
  const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 20);
  let folder: string;
  let script: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-chaos-'));
    script = join(folder, 'window.mjs');
    await build({
      entryPoints: [join(process.cwd(), 'test/host/support/window.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Lets a window start and stop servers until a random moment. */
  async function makeWindow(): Promise<ChaoticWindow> {
    const window = new ChaoticWindow(script, join(folder, 'ledger'));
    await until('the process host', () => window.host > 0);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1200));
    return window;
  }

  it(`leaves nothing after ${rounds} kills of window and process host at random moments`, async function () {
    this.timeout(rounds * 20_000);
    for (let round = 0; round < rounds; round += 1) {
      const window = await makeWindow();
      const victims = [window.pid, window.host];
      killAll(Math.random() < 0.5 ? victims : victims.toReversed());
      await window.isGone();
      await window.settle();
    }
  });

  it('leaves nothing 5 s after only the window was killed, at random moments of starts and stops', async () => {
    for (let round = 0; round < 5; round += 1) {
      const window = await makeWindow();
      process.kill(window.pid, 'SIGKILL');
      await until('the end of everything', () => window.pids().length === 0, 5000);
      window.assertNoRecord();
    }
  });

  it('leaves nothing 5 s after the window was killed while the shell was asked for its environment', async () => {
    const shell = join(folder, 'slow.sh');
    const asked = join(folder, 'asked');
    writeFileSync(shell, `#!/bin/sh\necho > ${asked}\nsleep 1000\n`, { mode: 0o755 });
    // A process that no shell has started asks for what that would have set up.
    const window = new ChaoticWindow(script, join(folder, 'ledger'), { SHELL: shell, SHLVL: '0' });
    await until('the question', () => existsSync(asked));
    process.kill(window.pid, 'SIGKILL');
    await until('the end of everything', () => window.pids().length === 0, 5000);
    window.assertNoRecord();
  });

  it('leaves nothing 5 s after a clean-up that was cut off after a quarter of a second', async () => {
    for (let round = 0; round < 5; round += 1) {
      const window = await makeWindow();
      process.kill(window.pid, 'SIGUSR2');
      await until('the end of everything', () => window.pids().length === 0, 5000);
      window.assertNoRecord();
    }
  });
});

/** A window that starts and stops servers without end, all of whose processes carry a token of the test's own. */
class ChaoticWindow {
  readonly #token = randomUUID();
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  /** Pid of its process host; 0 as long as there is none. */
  host = 0;

  constructor(
    script: string,
    private readonly ledgerFolder: string,
    env: NodeJS.ProcessEnv = {},
  ) {
    this.#child = spawn(process.execPath, [script, hostPath, ledgerFolder, fixture('tree.mjs')], {
      env: { ...process.env, ...env, CHAOS: this.#token },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#exited = once(this.#child, 'exit');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.host = Number(text.trim().split('\n').at(-1));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  pids(): number[] {
    return pidsWith(this.#token);
  }

  async isGone(): Promise<void> {
    await this.#exited;
    await until('the end of both', () => !isAlive(this.pid) && !isAlive(this.host));
  }

  /** Does what the next window does, and checks that nothing is left then. */
  async settle(): Promise<void> {
    const log = { info: () => undefined, error: console.error };
    await endOrphans({ folder: this.ledgerFolder, platform: linux, log });
    assert.deepEqual(this.pids(), [], 'processes were left behind');
    this.assertNoRecord();
  }

  assertNoRecord(): void {
    // One that was killed at once had no time to make the folder.
    const names = existsSync(this.ledgerFolder) ? readdirSync(this.ledgerFolder) : [];
    assert.deepEqual(
      names.filter((name) => name.endsWith('.json')),
      [],
      'records were left behind',
    );
  }
}
