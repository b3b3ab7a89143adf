import { Lazy } from './lazy.js';
import type { WindowSocket, AgentEndpointDeps } from './windowSocket.js';
/** Delay after activation, in milliseconds: a window that opens has more urgent work. */
const startDelayMs = 1000;

/**
 * Makes this window reachable for MCP servers, even if its view was never opened. The socket opens shortly after
 * activation, so that it does not delay the window, or when its id is needed.
 */
export class AgentEndpoint {
  readonly #socket: Lazy<WindowSocket | undefined>;
  readonly #timer: NodeJS.Timeout;

  constructor(deps: AgentEndpointDeps) {
    this.#socket = new Lazy(() => openSocket(deps));
    this.#timer = setTimeout(() => void this.#socket.get(), startDelayMs);
  }

  /**
   * Returns the id of this window for an MCP server that is started for it; `undefined` if the socket cannot be opened.
   */
  async windowId(): Promise<string | undefined> {
    return (await this.#socket.get())?.windowId;
  }

  notifyServersChanged(): void {
    void this.#socket.peek?.then((socket) => socket?.notifyServersChanged());
  }

  /** Resolves when no more calls are accepted. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await (await this.#socket.peek)?.close();
  }

  dispose(): void {
    void this.close();
  }
}

async function openSocket(deps: AgentEndpointDeps): Promise<WindowSocket | undefined> {
  try {
    return await (await import('./windowSocket.js')).openWindowSocket(deps);
  } catch (error) {
    deps.log.error('Agents outside the editor cannot reach this window', error);
    return undefined;
  }
}
