import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { SocketHistory } from '../../../../src/host/readiness/socketHistory.js';

describe('a socket without an announcement', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());

  /** Returns the milliseconds after which the socket counts, for a server with its first output at this time. */
  const settlesIn = (
    address: string,
    port: number,
    firstOutputAt: number | undefined,
  ): number | undefined => {
    const history = new SocketHistory({ firstOutputAt });
    const listener = { port, address, id: 'socket', waiting: 0, pids: undefined };
    history.add({ isKnown: true, sockets: [{ listener, owner: { kind: 'own', pid: 1 } }] }, new Map());
    const rest = history.settlesIn(['socket']);
    vi.advanceTimersByTime((rest ?? 0) - 1);
    assert.equal(history.isSettled('socket'), false);
    vi.advanceTimersByTime(1);
    assert.ok(history.isSettled('socket'));
    return rest;
  };

  it('counts after half a second where the server prints nothing, also at a port that the system chose', () => {
    assert.equal(settlesIn('0.0.0.0', 3000, undefined), 500);
    assert.equal(settlesIn('127.0.0.1', 43_210, undefined), 500);
    assert.equal(settlesIn('::1', 43_210, undefined), 500);
  });

  it('counts after 10 s at such a port where the server has printed something, and may announce another one', () => {
    const now = performance.now();
    assert.equal(settlesIn('127.0.0.1', 43_210, now), 10_000);
    assert.equal(settlesIn('::1', 43_210, performance.now() + 499), 10_000);
    assert.equal(settlesIn('127.0.0.1', 3000, now), 500);
    assert.equal(settlesIn('0.0.0.0', 43_210, now), 500);
  });

  it('counts on when the server prints something after that', () => {
    assert.equal(settlesIn('127.0.0.1', 43_210, performance.now() + 500), 500);
  });
});
