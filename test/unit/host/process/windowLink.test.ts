import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { protocolVersion, type ClientMessage, type HostMessage } from '../../../../src/host/ipc/protocol.js';
import type { EndCause } from '../../../../src/host/process/hostEnd.js';
import type { HoldSocketListeners, SocketPeer } from '../../../../src/host/process/holdSocket.js';
import { WindowLink } from '../../../../src/host/process/windowLink.js';

const workspace = ['file:///shop'];

class FakeWindow implements SocketPeer {
  readonly received: HostMessage[] = [];
  close: () => void = () => undefined;

  send(messages: unknown): void {
    this.received.push(...(messages as readonly HostMessage[]));
  }

  onClose(listener: () => void): void {
    this.close = listener;
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the link between a process host and its windows', () => {
  let first: FakeWindow;
  let link: WindowLink;
  let asked: ClientMessage[];
  let hasEnded: boolean;
  let endCause: EndCause | undefined;
  let socket: HoldSocketListeners | undefined;
  let openSocket: () => Promise<void>;
  let isRecorded: boolean;
  let errors: string[];
  let elapse: () => void;
  beforeEach(() => {
    first = new FakeWindow();
    asked = [];
    hasEnded = false;
    endCause = undefined;
    socket = undefined;
    openSocket = () => Promise.resolve();
    isRecorded = true;
    errors = [];
    link = new WindowLink(
      {
        ledger: {
          setWindow: () => undefined,
          get written() {
            return Promise.resolve(isRecorded);
          },
        },
        supervisor: {
          handle: (message) => void asked.push(message),
          isBusy: true,
          facts: () => [],
          detachWindow: () => undefined,
        },
        openSocket: async (listeners) => {
          await openSocket();
          socket = listeners;
          return { address: 'here', token: 'secret', close: () => Promise.resolve((socket = undefined)) };
        },
        startTimer: ({ onEnd }) => {
          elapse = onEnd;
          return { cancel: () => (elapse = () => undefined) };
        },
        identify: () => Promise.resolve(undefined),
        onWindow: () => undefined,
        reportError: (error) => void errors.push(String(error)),
        end: (cause) => {
          hasEnded = true;
          endCause = cause;
        },
      },
      first,
    );
    link.receive(first, { kind: 'hold', holdMs: 1000, workspace });
  });

  afterEach(() => assert.deepEqual(errors, []));

  /** Lets another window take the servers over. */
  async function takeOver(): Promise<FakeWindow> {
    await turn();
    const next = new FakeWindow();
    const message = {
      kind: 'connect',
      request: 1,
      protocol: protocolVersion,
      token: 'secret',
      pid: 7,
    } as const;
    socket?.onWindow(next, message);
    await turn();
    assert.deepEqual(next.received.splice(0), [
      { kind: 'done', request: 1, answer: { kind: 'connected', runs: [], saved: [] } },
    ]);
    return next;
  }

  /** The numbers that the requests of windows have here. */
  const numbers = (): number[] => asked.flatMap((message) => ('request' in message ? message.request : []));

  it('answers a request only to the window that asked, with its number', async () => {
    link.receive(first, { kind: 'ping', request: 2 });
    link.onClosed(first);
    const next = await takeOver();
    link.receive(next, { kind: 'ping', request: 2 });
    const [early = 0, late = 0] = numbers();
    link.send({ kind: 'done', request: early, answer: undefined });
    await turn();
    assert.deepEqual([first.received, next.received], [[], []]);
    link.send({ kind: 'done', request: late, answer: undefined });
    await turn();
    assert.deepEqual(next.received, [{ kind: 'done', request: 2, answer: undefined }]);
  });

  it('does nothing for a window that has left, and does not notice when it closes', async () => {
    link.receive(first, { kind: 'release', request: 2 });
    await turn();
    const next = await takeOver();
    link.receive(first, { kind: 'ping', request: 3 });
    link.receive(first, { kind: 'save', key: 'web', value: 'outdated', isReason: false });
    link.onClosed(first);
    link.send({ kind: 'logGrown', log: 'web' });
    await turn();
    assert.deepEqual([asked, next.received], [[], [{ kind: 'logGrown', log: 'web' }]]);
    next.close();
    await takeOver();
  });

  it('ends when no window comes in time, and accepts none afterwards', async () => {
    link.onClosed(first);
    await turn();
    elapse();
    assert.deepEqual([hasEnded, endCause], [true, 'holdOver']);
    await link.close();
    assert.equal(socket, undefined);
  });

  it('ends, and reports that it holds nothing, if the hold cannot be recorded', async () => {
    isRecorded = false;
    link.receive(first, { kind: 'release', request: 2 });
    await turn();
    assert.equal(hasEnded, true);
    const answer = { kind: 'released', heldUntil: undefined };
    assert.deepEqual(first.received, [{ kind: 'done', request: 2, answer }]);
    assert.deepEqual(errors.splice(0), [
      'Error: The servers are not held, since that could not be recorded.',
    ]);
  });

  it('accepts no window when it ends while the socket is being opened', async () => {
    let open: () => void = () => undefined;
    openSocket = () => new Promise((resolve) => (open = resolve));
    link.onClosed(first);
    await turn();
    await link.close();
    open();
    await turn();
    assert.equal(socket, undefined);
  });

  it('does not end the servers of a window that has come', async () => {
    link.onClosed(first);
    await takeOver();
    elapse();
    assert.equal(hasEnded, false);
  });
});
