import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** The message of a small server that says that it listens. */
interface StartReport {
  readonly port: number;
  /** Time just before the server printed its line; nanoseconds of the monotonic clock, as from `process.hrtime`. */
  readonly at: bigint;
}

/**
 * Observes the start and the end of small servers without polling, independent of the program that runs them. Each
 * server opens a connection to report that it listens; the connection closes when its last process exits.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #reports = new Map<number, StartReport>();
  readonly #alive = new Map<Socket, number>();
  readonly #waiting = new Set<() => void>();

  private constructor(server: Server) {
    this.#server = server.on('connection', (socket) => this.#onConnection(socket));
  }

  static async open(): Promise<ControlServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ControlServer(server);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Number of servers that are alive. */
  get alive(): number {
    return this.#alive.size;
  }

  /** Resolves with the reports of the servers on these ports when all have reported since the last `reset`. */
  async whenUp(ports: readonly number[]): Promise<readonly StartReport[]> {
    await this.#until(() => ports.every((port) => this.#reports.has(port)));
    return ports.flatMap((port) => this.#reports.get(port) ?? []);
  }

  /** Resolves when all processes of all servers are dead. */
  async whenDown(): Promise<void> {
    await this.#until(() => this.#alive.size === 0);
  }

  reset(): void {
    this.#reports.clear();
  }

  async close(): Promise<void> {
    for (const socket of this.#alive.keys()) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #onConnection(socket: Socket): void {
    this.#alive.set(socket, 0);
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      const [port = '', at = '0'] = String(text).trim().split(' ');
      this.#alive.set(socket, Number(port));
      this.#reports.set(Number(port), { port: Number(port), at: BigInt(at) });
      this.#checkAll();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#alive.delete(socket);
      this.#checkAll();
    });
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  #checkAll(): void {
    for (const check of this.#waiting) check();
  }
}
