import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../core/server/state.js';
import { MessageSocket } from '../ipc/messageSocket.js';
import type { ClientMessage } from '../ipc/protocol.js';
import type { HostLink } from '../ledger/hostLink.js';
import { currentPlatform } from '../platform/currentPlatform.js';
import { isAlive } from '../platform/processIdentity.js';
import { requireOwnSocket } from '../system/localSocket.js';

/** Interval at which this window checks whether a process host that is not its child is alive, milliseconds. */
const checkIntervalMs = 50;

/** Time for a process host to exit after it has closed its connection, before it is killed, milliseconds. */
const maxEndMs = 10_000;

export interface ConnectionListeners {
  readonly onValues: (values: unknown) => void;
  /** Called once, with the reason, when the process host is gone or a message could not be sent to it. */
  readonly onGone: (reason: string) => void;
}

/** The connection of this window to a process host. */
export interface HostConnection {
  readonly pid: number | undefined;
  readonly isOpen: boolean;
  /** `false` until the process host has let this window in; until then, its servers do not belong to this window. */
  isAccepted: boolean;
  /** Resolves when the process host is gone. */
  readonly exited: Promise<void>;
  send(messages: readonly ClientMessage[]): void;
  /** Closes the connection, upon which the process host holds its servers or ends. */
  close(): void;
  kill(): void;
}

/** Connects to a process host that this process has started. */
export function connectToChild(
  child: ChildProcess,
  { onValues, onGone }: ConnectionListeners,
): HostConnection {
  child.on('message', onValues);
  child.once('error', (error) => onGone(error.message));
  child.once('exit', (code, signal) => onGone(`it ended with ${signal ?? `exit ${code}`}`));
  return {
    get pid() {
      return child.pid;
    },
    get isOpen() {
      return child.connected;
    },
    isAccepted: true,
    exited: new Promise((resolve) => child.once('exit', () => resolve())),
    send: (messages) => {
      child.send([...messages], (error) => {
        if (!error) return;
        onGone(error.message);
        // It would hold its servers for another window otherwise.
        child.kill('SIGTERM');
      });
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Connects to a process host that an earlier window has started. Rejects when nothing listens there. */
export async function connectToHeld(
  host: ProcessIdentity,
  { address }: HostLink,
  { onValues, onGone }: ConnectionListeners,
): Promise<HostConnection> {
  const platform = currentPlatform();
  const isThere = (): Promise<boolean> => isAlive(host, platform).catch(() => true);
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    if (!(await isThere())) return;
    try {
      process.kill(host.pid, name);
    } catch {
      // It has exited in the meantime; if a tool lists the processes, this check takes a while.
    }
  };
  const socket = await connectLocally(address, onValues);
  let isClosed = false;
  const untilGone = async (): Promise<void> => {
    if (!connection.isAccepted) return;
    // If only this connection was lost, the process host would hold its servers for another window.
    if (!isClosed) await signal('SIGTERM');
    for (let waitedMs = 0; await isThere(); waitedMs += checkIntervalMs) {
      if (!isClosed && waitedMs === maxEndMs) await signal('SIGKILL');
      await sleep(checkIntervalMs);
    }
  };
  const connection: HostConnection = {
    pid: host.pid,
    get isOpen() {
      return socket.isOpen;
    },
    isAccepted: false,
    exited: new Promise((resolve) => socket.onClose(() => resolve(untilGone()))),
    send: (messages) => socket.send(messages),
    close: () => {
      isClosed = true;
      socket.end();
    },
    kill: () => void signal('SIGKILL'),
  };
  void connection.exited.then(() => onGone(connection.isAccepted ? 'it ended' : 'it closed the connection'));
  return connection;
}

function connectLocally(address: string, onValues: (values: unknown) => void): Promise<MessageSocket> {
  return new Promise((resolve, reject) => {
    // A window sends the variables of its environment after the token.
    requireOwnSocket(address);
    const socket = connect(address);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      const messages = new MessageSocket(socket, onValues);
      messages.trust();
      resolve(messages);
    });
  });
}
