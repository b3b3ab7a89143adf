import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { until } from '../../support/processes.js';
import { skipWithout } from '../../support/skip.js';
import { fixture, TestHost } from '../support/testHost.js';

/** Time in which a live relay starts many more processes, milliseconds. */
const observedMs = 1000;

describe
  .skipIf(process.platform === 'win32')
  .concurrent('a relay of processes that each live for a moment', () => {
    const relays: [title: string, lifeMs: number, group?: string][] = [3, 10, 30, 100, 300].map((lifeMs) => [
      `is ended with the server that has ended by itself: ${lifeMs} ms`,
      lifeMs,
    ]);
    relays.push(['is ended in the group of the session leader', 3, 'leader']);
    for (const [title, lifeMs, group] of relays) {
      it(title, async (context) => {
        skipWithout(context, 'perl');
        const host = new TestHost();
        const folder = mkdtempSync(join(tmpdir(), 'dev-servers-relay-'));
        const file = join(folder, 'relay');
        // The oracle reads nothing of the system but what the relay itself writes.
        const count = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        const args = [fixture('relay.pl'), String(lifeMs), file, ...(group === undefined ? [] : [group])];
        const run = await host.start({ kind: 'argv', file: 'perl', args });
        const { process: root } = await host.event(run, 'spawned');
        const { survivors } = await host.event(run, 'ended');
        assert.deepEqual(survivors, []);
        const atEnd = count();
        assert.ok(atEnd > 0);
        await sleep(observedMs);
        assert.equal(count(), atEnd, 'the relay goes on');
        // A zombie is in its group until it is reaped.
        const hasGroup = (): boolean => spawnSync('/bin/kill', ['-0', '--', `-${root.pid}`]).status === 0;
        await until('the group is gone', () => !hasGroup());
        await host.end();
        rmSync(folder, { recursive: true });
      });
    }
  });
