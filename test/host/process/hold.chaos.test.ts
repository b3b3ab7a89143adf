import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { terminateOrphans } from '../../../src/host/ledger/orphans.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { isAlive, killAll, pidsWith, until } from '../../support/processes.js';
import { fixture, hostPath } from '../support/testHost.js';
import { buildWindow } from '../support/windowScript.js';

/** The first one lives through all windows, the others are started and stopped at random. */
const servers = ['plain', 'ignores signals', 'has a daemon', 'has a chain of children'];

/** A window that takes over the servers of the one before it. */
class ReloadedWindow {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #exited: Promise<unknown>;

  constructor(script: string, ledgerFolder: string, token: string, holdMs: number) {
    const args = [script, hostPath, ledgerFolder, fixture('tree.mjs'), String(holdMs), ...servers];
    this.#child = spawn(process.execPath, args, {
      env: { ...process.env, CHAOS: token },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#exited = once(this.#child, 'exit');
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#lines.push(...text.trim().split('\n'));
    });
  }

  /** Waits for the pid of the server that lives through all windows. */
  async steadyPid(): Promise<number> {
    await until('the steady server', () => this.#find('steady') !== undefined);
    return Number(this.#find('steady'));
  }

  get hostPid(): number {
    return Number(this.#lines.findLast((line) => line.startsWith('host '))?.split(' ')[1] ?? 0);
  }

  get faults(): string[] {
    return this.#lines.filter((line) => line.startsWith('wrong '));
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#exited;
  }

  #find(kind: string): string | undefined {
    return this.#lines.find((line) => line.startsWith(`${kind} `))?.split(' ')[1];
  }
}

/** A short hold, milliseconds. */
const shortHoldMs = 500;

/** How long servers keep running without a window, in each mode of `devServers.onWindowClose`, milliseconds. */
const modes = { reload: 60_000, keep: 8 * 3_600_000, stop: 0 };

describe.skipIf(process.platform === 'win32')('chaos with windows that are loaded again', () => {
  const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 2);
  const log = { info: () => undefined, error: console.error };
  let folder: string;
  let script: string;
  /** Times from the last kill to the end of everything, milliseconds. */
  const endTimes: number[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-chaos-'));
    script = await buildWindow('reloadedWindow.ts', folder);
  });
  afterEach(() => {
    const times = endTimes.splice(0).toSorted((one, other) => one - other);
    if (times.length > 0)
      console.log(`    ended after ${times[times.length >> 1]} ms, at the latest after ${times.at(-1)} ms`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const randomWait = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 600));

  /** Starts windows of a workspace of their own. */
  function workspace(holdMs: number): { open: () => ReloadedWindow; ended: () => Promise<void> } {
    const [token, ledgerFolder] = [randomUUID(), join(folder, randomUUID())];
    return {
      open: () => new ReloadedWindow(script, ledgerFolder, token, holdMs),
      ended: async () => {
        const killedAt = performance.now();
        await until('the end of everything', () => pidsWith(token).length === 0);
        endTimes.push(Math.round(performance.now() - killedAt));
        await terminateOrphans({ folder: ledgerFolder, platform: currentPlatform(), log });
        const records = readdirSync(ledgerFolder).filter((name) => name.endsWith('.json'));
        assert.deepEqual(records, [], 'records were left behind');
      },
    };
  }

  for (const mode of ['reload', 'keep'] as const)
    it(`loses and leaves nothing in ${rounds} reloads and kills of the extension host, mode ${mode}`, async () => {
      const { open, ended } = workspace(modes[mode]);
      let window = open();
      const pid = await window.steadyPid();
      const { hostPid } = window;
      for (let round = 0; round < rounds; round += 1) {
        await randomWait();
        await window.end(round % 4 === 3 ? 'SIGUSR2' : 'SIGKILL');
        window = open();
        assert.equal(await window.steadyPid(), pid);
        assert.deepEqual(window.faults, []);
      }
      await randomWait();
      assert.ok(isAlive(pid));
      await window.end('SIGTERM');
      await ended();
      assert.equal(isAlive(hostPid), false);
    });

  it(`leaves nothing after ${rounds} kills of the extension host, mode stop`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { open, ended } = workspace(modes.stop);
      const window = open();
      await window.steadyPid();
      await randomWait();
      await window.end('SIGKILL');
      await ended();
    }
  });

  it(`leaves nothing when the time is over after ${rounds} kills of the extension host, mode reload`, async () => {
    for (let round = 0; round < rounds; round += 1) {
      const { open, ended } = workspace(shortHoldMs);
      const window = open();
      await window.steadyPid();
      await randomWait();
      await window.end(round % 4 === 3 ? 'SIGUSR2' : 'SIGKILL');
      await ended();
    }
  });

  for (const [mode, holdMs] of Object.entries(modes))
    it(`leaves nothing after ${rounds} kills of window and process host, mode ${mode}`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const { open, ended } = workspace(holdMs);
        const window = open();
        await window.steadyPid();
        await randomWait();
        const isHostFirst = Math.random() < 0.5;
        if (isHostFirst) killAll([window.hostPid]);
        await window.end('SIGKILL');
        if (!isHostFirst) killAll([window.hostPid]);
        await ended();
      }
    });
});
