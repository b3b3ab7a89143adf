import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { terminateOrphans } from '../../../src/host/ledger/orphans.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { isAlive, killAll, pidsWith, until } from '../../support/processes.js';
import { fixture, hostPath } from '../support/testHost.js';
import { buildWindow } from '../support/windowScript.js';

/** The first one lives through all windows, the others are started and stopped at random. */
const servers = ['plain', 'ignores signals', 'has a daemon', 'has a chain of children'];

/** A window that takes over what the one before it left. */
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

describe.skipIf(process.platform === 'win32')('chaos with windows that are loaded again', () => {
  const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 6);
  let folder: string;
  let script: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-chaos-'));
    script = await buildWindow('reloadedWindow.ts', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const randomWait = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 600));

  it(`loses and leaves nothing in ${rounds} reloads and kills of the window at random moments`, async () => {
    const [token, ledgerFolder] = [randomUUID(), join(folder, 'ledger')];
    const open = () => new ReloadedWindow(script, ledgerFolder, token, 60_000);
    let window = open();
    const pid = await window.steadyPid();
    const { hostPid } = window;
    for (let round = 0; round < rounds; round += 1) {
      await randomWait();
      await window.end(Math.random() < 0.5 ? 'SIGKILL' : 'SIGUSR2');
      window = open();
      assert.equal(await window.steadyPid(), pid);
      assert.deepEqual(window.faults, []);
    }
    await randomWait();
    assert.ok(isAlive(pid));
    await window.end('SIGTERM');
    await until('the end of everything', () => pidsWith(token).length === 0);
    assert.equal(isAlive(hostPid), false);
    assert.deepEqual(readdirSync(ledgerFolder), []);
  });

  it('leaves nothing after the time is over, and after kills of window and process host', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [token, ledgerFolder] = [randomUUID(), join(folder, `ledger-${round}`)];
      const window = new ReloadedWindow(script, ledgerFolder, token, 500);
      await window.steadyPid();
      await randomWait();
      const kind = round % 3;
      if (kind === 0) await window.end('SIGKILL');
      else if (kind === 1) await window.end('SIGUSR2');
      else {
        killAll([window.hostPid]);
        await window.end('SIGKILL');
      }
      await until('the end of everything', async () => {
        const log = { info: () => undefined, error: console.error };
        await terminateOrphans({ folder: ledgerFolder, platform: currentPlatform(), log });
        return pidsWith(token).length === 0;
      });
      const records = readdirSync(ledgerFolder).filter((name) => name.endsWith('.json'));
      assert.deepEqual(records, [], 'records were left behind');
    }
  });
});
