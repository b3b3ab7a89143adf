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

/** Names of sockets may not be longer on macOS; on Linux four more. Bytes. */
const maxSocketPathBytes = 103;

/** More clients than this are sent away. */
const maxClients = 64;

export interface AgentSocketDeps extends Pick<AgentConnectionDeps, 'call'> {
  /** Where windows write how they are reached. */
  readonly folder: string;
  readonly platform: Pick<Platform, 'identify' | 'bootId'>;
  readonly log: Logger;
}

/** What of a window changes while it is open. */
export type WindowLocation = Pick<WindowRecord, 'folders' | 'focusedAt'>;

/** Lets the programs of this user, and of no other, call the tools of this window. It listens on no network. */
export class AgentSocket {
  readonly #connections = new Set<AgentConnection>();
  readonly #server: Server;
  /** One write after the other. */
  #written: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(
    private readonly deps: AgentSocketDeps,
    private record: WindowRecord,
  ) {
    this.#server = createServer((socket) => {
      const connection = new AgentConnection(socket, { token: record.token, call: deps.call });
      this.#connections.add(connection);
      socket.on('close', () => this.#connections.delete(connection));
    });
    this.#server.maxConnections = maxClients;
  }

  /** Opens the socket and tells where it is. Rejects when that cannot be done. */
  static async open(deps: AgentSocketDeps, location: WindowLocation): Promise<AgentSocket> {
    const identity = await deps.platform.identify(process.pid);
    if (!identity) throw new Error('The system does not tell who this process is.');
    await makeRecordFolder(deps.folder);
    const windowId = randomUUID();
    const socket = await socketPath(deps.folder, windowId);
    const token = randomBytes(32).toString('base64url');
    const opened = new AgentSocket(deps, { windowId, process: identity, socket, token, ...location });
    await opened.#listen();
    // Clears away what windows left that were killed.
    await liveWindows(deps.folder, deps.platform);
    return opened;
  }

  /** Names this window to an MCP server that is started for it. */
  get windowId(): string {
    return this.record.windowId;
  }

  setLocation(location: WindowLocation): Promise<void> {
    this.record = { ...this.record, ...location };
    return this.#write();
  }

  /** Servers have come or gone. */
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
    // Nobody else can enter its folder in the meantime.
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
