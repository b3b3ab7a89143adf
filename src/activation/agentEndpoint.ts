import { Late } from './lazy.js';
import type { WindowSocket, AgentDoorPorts } from './windowSocket.js';
/** A window that opens has more urgent things to do for so long; milliseconds. */
const restMs = 1000;

/**
 * Lets agents from outside find this window, whether or not anybody looks at its servers: a while after the start, so that
 * no start of a window waits for it, or when somebody needs it sooner.
 */
export class AgentDoor {
  readonly #socket: Late<WindowSocket | undefined>;
  readonly #timer: NodeJS.Timeout;

  constructor(ports: AgentDoorPorts) {
    this.#socket = new Late(() => opened(ports));
    this.#timer = setTimeout(() => void this.#socket.get(), restMs);
  }

  /** The name of this window for an MCP server that is started for it; `undefined` when it cannot be reached. */
  async windowId(): Promise<string | undefined> {
    return (await this.#socket.get())?.windowId;
  }

  tellServersChanged(): void {
    void this.#socket.begun?.then((socket) => socket?.tellServersChanged());
  }

  /** Resolves when nobody can call any more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await (await this.#socket.begun)?.close();
  }

  dispose(): void {
    void this.close();
  }
}

async function opened(ports: AgentDoorPorts): Promise<WindowSocket | undefined> {
  try {
    return await (await import('./windowSocket.js')).openWindowSocket(ports);
  } catch (error) {
    ports.log.error('Agents outside of the editor cannot reach this window', error);
    return undefined;
  }
}
