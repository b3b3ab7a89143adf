import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import type { Platform } from '../../host/platform/platform.js';
import { listenLocally, localAddress } from '../../host/system/localSocket.js';
import { makePrivateFolder } from '../../host/system/privateFolder.js';
import { AgentConnection, type AgentConnectionDeps } from './agentConnection.js';
import { liveWindows, removeRecord, writeRecord, type WindowRecord } from './windowRecords.js';
import type { Logger } from '../../core/common.js';

/** Maximum number of clients; more are refused. */
const maxClients = 64;

export interface AgentSocketDeps extends Pick<AgentConnectionDeps, 'call' | 'watchLog'> {
  /** Folder of the window records. */
  readonly folder: string;
  readonly platform: Pick<Platform, 'identify' | 'bootId'>;
  readonly log: Logger;
}

/** The part of a window's record that changes while it is open. */
export type WindowLocation = Pick<WindowRecord, 'folders' | 'focusedAt' | 'servesWorktrees' | 'isTerminal'>;

/**
 * A socket through which only programs of this user can call the tools of this window. It does not listen on a network.
 */
export class AgentSocket {
  readonly #connections = new Set<AgentConnection>();
  readonly #server: Server;
  /** Resolves at the end of the last write; writes follow one another. */
  #written: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(
    private readonly deps: AgentSocketDeps,
    private record: WindowRecord,
  ) {
    this.#server = createServer((socket) => {
      const connection = new AgentConnection(socket, { ...deps, token: record.token });
      this.#connections.add(connection);
      socket.on('close', () => this.#connections.delete(connection));
    });
    this.#server.maxConnections = maxClients;
  }

  /** Opens the socket and writes the record of the window. Rejects when that fails. */
  static async open(deps: AgentSocketDeps, location: WindowLocation): Promise<AgentSocket> {
    const identity = await deps.platform.identify(process.pid);
    if (!identity) throw new Error('The system does not report the identity of this process.');
    await makePrivateFolder(deps.folder);
    const windowId = randomUUID();
    const socket = await localAddress(deps.folder, windowId);
    const token = randomBytes(32).toString('base64url');
    const opened = new AgentSocket(deps, { windowId, process: identity, socket, token, ...location });
    await opened.#listen();
    // Removes the records of killed windows.
    await liveWindows(deps.folder, deps.platform);
    return opened;
  }

  /** Id by which an MCP server that is started for this window finds it. */
  get windowId(): string {
    return this.record.windowId;
  }

  setLocation(location: WindowLocation): Promise<void> {
    this.record = { ...this.record, ...location };
    return this.#write();
  }

  /** Notifies the clients that servers were added or removed. */
  notifyServersChanged(): void {
    for (const connection of this.#connections) connection.notify({ kind: 'serversChanged' });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#server.close();
    for (const connection of this.#connections) connection.close();
    await this.#written;
    await removeRecord(this.deps.folder, this.record);
  }

  async #listen(): Promise<void> {
    const { socket } = this.record;
    await listenLocally(this.#server, socket);
    this.#server.on('error', (error) => this.deps.log.error('The socket for agents failed', error));
    await this.#write();
  }

  #write(): Promise<void> {
    const write = async (): Promise<void> => {
      if (!this.#isClosed) await writeRecord(this.deps.folder, this.record);
    };
    this.#written = this.#written
      .then(write)
      .catch((error: unknown) =>
        this.deps.log.error('The record by which agents reach this window could not be written', error),
      );
    return this.#written;
  }
}
