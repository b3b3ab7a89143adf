import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Platform } from '../../../../src/host/platform/platform.js';
import type { ProcessEntry } from '../../../../src/host/system/processes.js';
import type { Connection } from '../../../../src/host/system/connections.js';
import { findDaemonUse } from '../../../../src/host/sockets/daemonUse.js';

const browser = { pid: 7, parent: 1, command: 'browser' } as ProcessEntry;
const path = '@/tmp/.X11-unix/X0';
/** The end of the display server; the browser holds the other one. */
const window: Connection = {
  id: 'display',
  pids: undefined,
  isListening: false,
  at: path,
  port: undefined,
  peer: { id: 'own', pids: undefined },
};

/** Lists these connections, one after the other; the last ones again and again. */
function platformWith(...lists: readonly (readonly Connection[])[]) {
  let scans = 0;
  const platform: Pick<Platform, 'connections' | 'socketsOf'> = {
    connections: () => Promise.resolve([...(lists[Math.min(scans++, lists.length - 1)] ?? [])]),
    socketsOf: () => Promise.resolve(new Set(['own'])),
  };
  return { platform: platform as Platform, scans: () => scans };
}

describe('the use of a daemon', () => {
  const use = (platform: Platform) => findDaemonUse({ top: browser, processes: [browser] }, platform);

  it('is found even if the system omits its socket once', async () => {
    const { platform } = platformWith([], [window]);
    assert.equal((await use(platform)).hasWindows, true);
  });

  it('is known as soon as it has a window', async () => {
    const { platform, scans } = platformWith([window]);
    assert.deepEqual([(await use(platform)).hasWindows, scans()], [true, 1]);
  });

  it('is none if two scans do not find it', async () => {
    const { platform, scans } = platformWith([]);
    assert.deepEqual([(await use(platform)).connections, scans()], [[], 2]);
  });
});
