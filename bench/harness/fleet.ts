import { randomUUID } from 'node:crypto';
import { pidsWith } from '../../test/support/processes.js';
import { ControlServer } from './controlServer.js';
import { freePorts } from './freePorts.js';
import type { Setup } from './setup.js';
import { pause } from './time.js';
import type { Command } from './window.js';

/** Variable that marks the processes of a fleet, independent of the program that starts them. */
const markerName = 'BENCH_FLEET';

/** Delay before a stop is measured, milliseconds: a server is still busy when it begins to listen. */
export const settleMs = 1000;

/** Several small servers. Measures the times until all of them are up and until all are down. */
export class Fleet {
  readonly marker = randomUUID();
  readonly #atExit = (): void => killMarked(this.marker);

  private constructor(
    readonly ports: readonly number[],
    readonly commands: readonly Command[],
    readonly control: ControlServer,
  ) {
    // An interrupted benchmark must leave neither servers nor the daemons of peers behind.
    process.once('exit', this.#atExit);
  }

  /** `more` returns additional arguments for a server, by its index. */
  static async prepare(
    { server }: Setup,
    count: number,
    more: (index: number) => readonly (string | number)[] = () => [],
  ): Promise<Fleet> {
    const control = await ControlServer.open();
    const ports = await freePorts(count);
    const commands = ports.map((port, index): Command => {
      const [file, ...args] = server;
      return [file, ...args, ...[port, control.port, ...more(index)].map(String)];
    });
    return new Fleet(ports, commands, control);
  }

  /** Environment for the servers and their managers. It contains the marker of the fleet. */
  get env(): Record<string, string> {
    return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', [markerName]: this.marker };
  }

  /** Returns the milliseconds from the call of `start` until all servers listen. */
  async untilUp(start: () => unknown): Promise<number> {
    this.control.reset();
    const startedAt = performance.now();
    const result = start();
    await this.control.whenUp(this.ports);
    const milliseconds = performance.now() - startedAt;
    await result;
    return milliseconds;
  }

  /** Returns the milliseconds from the call of `stop` until all processes of all servers are dead; `limitMs` at most. */
  async untilDown(stop: () => unknown, limitMs = 20_000): Promise<number> {
    const startedAt = performance.now();
    const result = stop();
    await Promise.race([this.control.whenDown(), pause(limitMs)]);
    const milliseconds = performance.now() - startedAt;
    await Promise.race([result, pause(limitMs)]);
    return milliseconds;
  }

  /** Kills the servers that are still alive and returns their number. */
  async close(): Promise<number> {
    process.removeListener('exit', this.#atExit);
    killMarked(this.marker);
    const servers = this.control.alive;
    await Promise.race([this.control.whenDown(), pause(2000)]);
    await this.control.close();
    return servers;
  }
}

function killMarked(marker: string): void {
  for (const pid of pidsWith(`${markerName}=${marker}`)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The process has ended in the meantime.
    }
  }
}
