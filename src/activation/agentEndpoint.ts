import { Lazy } from './lazy.js';
import type { WindowSocket, AgentEndpointDeps } from './windowSocket.js';
/** A window that opens has more urgent things to do for so long; milliseconds. */
const startDelayMs = 1000;

/**
 * Lets agents from outside find this window, whether or not anybody looks at its servers: a while after the start, so that
 * no start of a window waits for it, or when somebody needs it sooner.
 */
export class AgentEndpoint {
  readonly #socket: Lazy<WindowSocket | undefined>;
  readonly #timer: NodeJS.Timeout;

  constructor(deps: AgentEndpointDeps) {
    this.#socket = new Lazy(() => openSocket(deps));
    this.#timer = setTimeout(() => void this.#socket.get(), startDelayMs);
  }

  /** The name of this window for an MCP server that is started for it; `undefined` when it cannot be reached. */
  async windowId(): Promise<string | undefined> {
    return (await this.#socket.get())?.windowId;
  }

  notifyServersChanged(): void {
    void this.#socket.peek?.then((socket) => socket?.notifyServersChanged());
  }

  /** Resolves when nobody can call any more. */
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
    deps.log.error('Agents outside of the editor cannot reach this window', error);
    return undefined;
  }
}
