import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '../../host/platform/platform.js';
import { AgentConnection, type AgentConnectionDeps } from './agentConnection.js';
import {
  liveWindows,
  makeRecordFolder,
  removeRecord,
  temporaryPrefix,
  writeRecord,
  type WindowRecord,
} from './windowRecords.js';
import type { Logger } from '../../core/common.js';

/** Longest path of a socket on macOS, bytes; Linux allows four more. */
const maxSocketPathBytes = 103;

/** Largest number of clients; more are refused. */
const maxClients = 64;

export interface AgentSocketDeps extends Pick<AgentConnectionDeps, 'call'> {
  /** Folder of the window records. */
  readonly folder: string;
  readonly platform: Pick<Platform, 'identify' | 'bootId'>;
  readonly log: Logger;
}

/** The part of a window's record that changes while it is open. */
export type WindowLocation = Pick<WindowRecord, 'folders' | 'focusedAt'>;

/** A socket by which programs of this user alone call the tools of this window. It listens on no network. */
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
    if (!identity) throw new Error('The system does not tell who this process is.');
    await makeRecordFolder(deps.folder);
    const windowId = randomUUID();
    const socket = await socketPath(deps.folder, windowId);
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
    this.#server.listen(socket);
    await once(this.#server, 'listening');
    this.#server.on('error', (error) => this.deps.log.error('The socket for agents failed', error));
    // The folder is closed to other users in the meantime.
    if (process.platform !== 'win32') await chmod(socket, 0o600);
    await this.#write();
  }

  #write(): Promise<void> {
    const write = async (): Promise<void> => {
      if (!this.#isClosed) await writeRecord(this.deps.folder, this.record);
    };
    this.#written = this.#written
      .then(write)
      .catch((error: unknown) =>
        this.deps.log.error('How agents reach this window could not be written', error),
      );
    return this.#written;
  }
}

async function socketPath(folder: string, windowId: string): Promise<string> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\dev-servers-${windowId}`;
  const path = join(folder, `${windowId.slice(0, 8)}.sock`);
  if (Buffer.byteLength(path) <= maxSocketPathBytes) return path;
  return join(await mkdtemp(join(tmpdir(), temporaryPrefix)), 's');
}
