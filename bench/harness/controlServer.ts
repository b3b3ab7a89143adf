import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A small server that has told that it listens. */
interface Told {
  readonly port: number;
  /** Just before it wrote its line; nanoseconds of the monotonic clock, as `process.hrtime` tells it. */
  readonly at: bigint;
}

/**
 * Where small servers tell that they listen, in a connection that ends with the last of their processes: so their
 * beginning and their end are known as they happen, whoever runs them, and nobody has to ask again and again.
 */
export class ControlServer {
  readonly #server: Server;
  readonly #told = new Map<number, Told>();
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

  /** How many servers live. */
  get alive(): number {
    return this.#alive.size;
  }

  /** Resolves when all these ports have been told of since they were last forgotten. */
  async up(ports: readonly number[]): Promise<readonly Told[]> {
    await this.#until(() => ports.every((port) => this.#told.has(port)));
    return ports.flatMap((port) => this.#told.get(port) ?? []);
  }

  /** Resolves when no process of the servers on these ports, or of any, lives. */
  async down(ports?: readonly number[]): Promise<void> {
    const gone = (port: number): boolean => ![...this.#alive.values()].includes(port);
    await this.#until(() => (ports ? ports.every(gone) : this.#alive.size === 0));
  }

  forget(): void {
    this.#told.clear();
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
      this.#told.set(Number(port), { port: Number(port), at: BigInt(at) });
      this.#look();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#alive.delete(socket);
      this.#look();
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

  #look(): void {
    for (const check of this.#waiting) check();
  }
}
