import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { terminateOrphans } from '../../../src/host/ledger/orphans.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { isAlive, killAll, pidsWith, until } from '../../support/processes.js';
import { fixture, hostPath } from '../support/testHost.js';
import { buildWindow } from '../support/windowScript.js';

const system = currentPlatform();

describe('chaos', () => {
  const rounds = Number(process.env['CHAOS_ROUNDS'] ?? 10);
  let folder: string;
  let script: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-chaos-'));
    script = await buildWindow('window.ts', folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Lets a window start and stop servers until a random moment. */
  async function makeWindow(): Promise<ChaoticWindow> {
    const window = new ChaoticWindow(script, join(folder, 'ledger'));
    await until('the process host', () => window.host > 0);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1200));
    return window;
  }

  it(`leaves nothing after ${rounds} kills of window and process host at random moments`, async () => {
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
      await until('the end of everything', () => window.pids().length === 0);
      window.assertNoRecord();
    }
  });

  for (const isHostKilled of [false, true]) {
    const killed = isHostKilled ? 'window and process host were' : 'the window was';
    it(`leaves nothing 5 s after ${killed} killed while the shell was asked for its environment`, async (context) => {
      const isHidden =
        process.platform === 'darwin' || process.env['DEV_SERVERS_HIDDEN_ENVIRONMENTS'] !== undefined;
      if (isHostKilled && isHidden)
        return context.skip('the shell hides its environment here, and no record names it');
      const shell = join(folder, 'slow.sh');
      const asked = join(folder, 'asked');
      rmSync(asked, { force: true });
      writeFileSync(shell, `#!/bin/sh\necho > ${asked}\nsleep 1000\n`, { mode: 0o755 });
      // A process that was not started by a shell requests the environment of one.
      const window = new ChaoticWindow(script, join(folder, 'ledger'), { SHELL: shell, SHLVL: '0' });
      await until('the question', () => existsSync(asked));
      killAll(isHostKilled ? [window.pid, window.host] : [window.pid]);
      await window.isGone();
      if (isHostKilled) await window.settle();
      await until('the end of everything', () => window.pids().length === 0);
      window.assertNoRecord();
    });
  }

  it('leaves nothing 5 s after a clean-up that was cut off after a quarter of a second', async () => {
    for (let round = 0; round < 5; round += 1) {
      const window = await makeWindow();
      process.kill(window.pid, 'SIGUSR2');
      await until('the end of everything', () => window.pids().length === 0);
      window.assertNoRecord();
    }
  });
});

/** A window that starts and stops servers forever; all its processes carry a token of the test. */
class ChaoticWindow {
  readonly #token = randomUUID();
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  /** Pid of its process host; 0 without one. */
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

  /** Cleans up as the next windows do, and checks that nothing is left. */
  async settle(): Promise<void> {
    const log = { info: () => undefined, error: console.error };
    // On a busy machine, a killed process may live longer than one window waits. It is then a survivor for the next
    // window.
    await until('a clean-up without survivors', async () => {
      const { survivors } = await terminateOrphans({ folder: this.ledgerFolder, platform: system, log });
      return survivors.length === 0;
    });
    // A tool of the system that a killed process host was waiting for ends by itself.
    await until('the end of all processes', () => this.pids().length === 0);
    this.assertNoRecord();
  }

  assertNoRecord(): void {
    // A window killed at once had no time to create the folder.
    const names = existsSync(this.ledgerFolder) ? readdirSync(this.ledgerFolder) : [];
    assert.deepEqual(
      names.filter((name) => name.endsWith('.json')),
      [],
      'records were left behind',
    );
  }
}
