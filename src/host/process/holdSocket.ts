import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { ServerError } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';
import { unbatch } from '../ipc/messageBatcher.js';
import { MessageSocket } from '../ipc/messageSocket.js';
import { parseClientMessage, protocolVersion, type ClientMessage } from '../ipc/protocol.js';
import { listenLocally, localAddress, removeLocalSocket } from '../system/localSocket.js';

/** Time for a client to show the token, milliseconds. */
const maxConnectMs = 10_000;

export type ConnectMessage = Extract<ClientMessage, { kind: 'connect' }>;

/** The end of a connection at which a window is. */
export type SocketPeer = Pick<MessageSocket, 'send' | 'onClose'>;

export interface HoldSocketListeners {
  /** Called once, with the window that takes over and its first message. Its later values follow by `onValues`. */
  readonly onWindow: (window: SocketPeer, message: ConnectMessage) => void;
  readonly onValues: (window: SocketPeer, values: unknown) => void;
}

export interface HoldSocketDeps extends HoldSocketListeners {
  /** Folder of the ledger, which is closed to other users. */
  readonly folder: string;
  readonly windowId: string;
  readonly reportError: (error: unknown) => void;
}

/** Socket at which one window can take the servers over. It exists only while there is no window. */
export class HoldSocket {
  readonly token = randomBytes(32).toString('base64url');
  readonly #server: Server = createServer((socket) => this.#onClient(socket));
  readonly #clients = new Set<MessageSocket>();
  #window: MessageSocket | undefined;

  private constructor(
    private readonly deps: HoldSocketDeps,
    readonly address: string,
  ) {
    this.#server.on('error', deps.reportError);
  }

  /** Rejects when the socket cannot be created. */
  static async open(deps: HoldSocketDeps): Promise<HoldSocket> {
    const hold = new HoldSocket(deps, await localAddress(deps.folder, deps.windowId));
    await listenLocally(hold.#server, hold.address);
    return hold;
  }

  /** Refuses windows from now on. The one that was let in stays connected. */
  async close(): Promise<void> {
    this.#server.close();
    for (const client of this.#clients) if (client !== this.#window) client.destroy();
    await removeLocalSocket(this.address);
  }

  #onClient(socket: Socket): void {
    const client = new MessageSocket(socket, (values) => this.#onValues(client, values));
    this.#clients.add(client);
    const timer = setTimeout(() => client !== this.#window && client.destroy(), maxConnectMs);
    client.onClose(() => {
      clearTimeout(timer);
      this.#clients.delete(client);
    });
  }

  #onValues(client: MessageSocket, values: unknown): void {
    if (client === this.#window) return this.deps.onValues(client, values);
    try {
      this.#admit(client, values);
    } catch {
      client.destroy();
    }
  }

  /** Lets the client in that shows the token, unless another one was quicker. */
  #admit(client: MessageSocket, values: unknown): void {
    const [first, ...others] = unbatch(values);
    const message = parseClientMessage(first);
    if (message.kind !== 'connect' || !this.#isToken(message.token)) return client.destroy();
    const refusal = this.#refusal(message);
    if (refusal) {
      const { reason, text } = refusal;
      client.send([{ kind: 'refused', request: message.request, reason, text }]);
      return client.end();
    }
    this.#window = client;
    client.trust();
    this.deps.onWindow(client, message);
    if (others.length > 0) this.deps.onValues(client, others);
  }

  #isToken(token: string): boolean {
    const [given, own] = [Buffer.from(token), Buffer.from(this.token)];
    return given.length === own.length && timingSafeEqual(given, own);
  }

  #refusal({ protocol }: ConnectMessage): ServerError | undefined {
    if (protocol !== protocolVersion)
      return new ServerError(
        'badRequest',
        untranslated('The process host uses another version of the protocol.'),
      );
    if (this.#window)
      return new ServerError('notAllowed', untranslated('Another window has taken over these servers.'));
    return undefined;
  }
}
