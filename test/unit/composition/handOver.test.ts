import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import { HandOver } from '../../../src/composition/handOver.js';
import { WindowMemory } from '../../../src/core/handOver/windowMemory.js';
import { Deferred } from '../../../src/core/deferred.js';
import { RestartPolicy } from '../../../src/core/restart/restartPolicy.js';
import { AssignedPorts } from '../../../src/core/tcpPorts/assignedPorts.js';
import type { HeldHost, HeldHosts } from '../../../src/host/ledger/heldHosts.js';
import type { ServerHold } from '../../../src/host/client/serverHold.js';
import { definition, world, type World } from '../core/support/fakes.js';
import { FakeTime, settled } from '../core/support/fakeTime.js';

const own = ['file:///shop'];
const heldHost: HeldHost = {
  windowId: 'earlier',
  host: { pid: 7, startTime: '1', bootId: 'b' },
  link: { protocol: 1, address: 'here', token: 'secret', heldUntil: 1 },
};
const nothing: HeldHosts = { held: [], hasOtherVersion: false, isPending: false };
const stopped = { kind: 'stopped', lastEnd: undefined } as const;
const text = JSON.stringify({ definition: definition('d'), state: stopped });

describe('a window that takes over from an earlier one', () => {
  let opened: World;
  /** What the window does, in its order. */
  let done: string[];
  let found: HeldHosts[];
  let workspace: readonly string[];
  let scanned: Deferred;
  let heldUntil: number | undefined;
  let handOver: HandOver;
  beforeEach(async () => {
    const time = new FakeTime();
    const restarts = new RestartPolicy({ mode: () => 'never', clock: time });
    opened = await world({ deps: { clock: time, restarts } });
    done = [];
    found = [];
    workspace = own;
    scanned = new Deferred();
    heldUntil = 1;
    const hold: Pick<ServerHold, 'find' | 'takeOver' | 'resume' | 'release' | 'save'> = {
      find: (folders) => {
        done.push(`find ${folders.join()}`);
        return Promise.resolve(folders.length > 0 ? (found.shift() ?? nothing) : nothing);
      },
      takeOver: () => {
        done.push('take over');
        return Promise.resolve({ kind: 'connected', runs: [], saved: [{ key: 'server d', value: text }] });
      },
      resume: () => done.push('resume'),
      release: () => {
        done.push('release');
        return Promise.resolve(heldUntil);
      },
      save: (key, value) => done.push(`${value === undefined ? 'forget' : 'save'} ${key}`),
    };
    const { registry, lifecycle, processes, dependencyStart: starts } = opened;
    const ports = new AssignedPorts();
    const log = { info: () => undefined, error: (message: string) => done.push(message) };
    handOver = new HandOver({
      hold: hold as ServerHold,
      registry,
      restore: { registry, lifecycle, starts, processes, ports, restarts, log },
      memory: new WindowMemory({ registry, store: hold, portOf: () => undefined, restarts }),
      restoreTerminals: () => done.push('terminals'),
      terminalsKey: 'terminals',
      whenScanned: () => scanned.promise,
      workspace: () => workspace,
      msSinceActivation: () => 0,
      onOtherVersion: () => done.push('another version'),
      log,
    });
  });

  it('says once that another version holds servers, which it does not take over', async () => {
    const other = { held: [], hasOtherVersion: true, isPending: true };
    found = [other, other, { ...other, isPending: false }];
    await handOver.takeOver();
    const look = `find ${own.join()}`;
    assert.deepEqual(done, [look, 'another version', look, look]);
  });

  it('takes over nothing in Restricted Mode', async () => {
    workspace = [];
    found = [{ ...nothing, held: [heldHost] }];
    await handOver.takeOver();
    assert.deepEqual(done, ['find ']);
  });

  it('drops servers that it does not know once the workspace is scanned', async () => {
    found = [{ ...nothing, held: [heldHost] }];
    await handOver.takeOver();
    scanned.resolve();
    await settled();
    assert.equal(done.at(-1), 'forget server d');
  });

  it('keeps these for the next window when it is closed before', async () => {
    found = [{ ...nothing, held: [heldHost] }];
    await handOver.takeOver();
    const leaving = handOver.leave();
    scanned.resolve();
    assert.equal(await leaving, true);
    await settled();
    assert.deepEqual(done.slice(-1), ['release']);
  });

  it('stops its servers itself when the process host holds none', async () => {
    heldUntil = undefined;
    assert.equal(await handOver.leave(), false);
    await assert.rejects(opened.lifecycle.start('a'));
  });
});
