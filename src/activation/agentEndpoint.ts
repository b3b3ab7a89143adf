import { Lazy } from './lazy.js';
import type { WindowSocket, AgentEndpointDeps } from './windowSocket.js';
/** Delay after activation, in milliseconds, since a window that opens has more urgent work. */
const startDelayMs = 1000;

/**
 * Makes this window reachable for MCP servers, even if its view was never opened. The socket opens shortly after
 * activation, so that it does not delay the window, or when its id is needed.
 */
export class AgentEndpoint {
  readonly #socket: Lazy<WindowSocket>;
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly deps: AgentEndpointDeps) {
    this.#socket = new Lazy(async () => (await import('./windowSocket.js')).openWindowSocket(deps));
    this.#timer = setTimeout(() => void this.windowId(), startDelayMs);
  }

  /**
   * Returns the id of this window for an MCP server that the editor starts for it; `undefined` if the socket cannot be
   * opened.
   */
  async windowId(): Promise<string | undefined> {
    try {
      return (await this.#socket.get()).windowId;
    } catch (error) {
      this.deps.log.error('Agents outside the editor cannot reach this window', error);
      return undefined;
    }
  }

  notifyServersChanged(): void {
    void this.#opened.then((socket) => socket?.notifyServersChanged());
  }

  /** Resolves when no more calls are accepted. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await (await this.#opened)?.close();
  }

  /** The socket, if it is open or being opened. */
  get #opened(): Promise<WindowSocket | undefined> {
    return Promise.resolve(this.#socket.peek).catch(() => undefined);
  }

  dispose(): void {
    void this.close();
  }
}
