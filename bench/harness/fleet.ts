import { randomUUID } from 'node:crypto';
import { pidsWith } from '../../test/support/processes.js';
import { ControlServer } from './controlServer.js';
import { freePorts } from './freePorts.js';
import type { Setup } from './setup.js';
import { pause } from './time.js';
import type { Command } from './window.js';

/** Marks the processes of a fleet, whoever starts them. */
const markerName = 'BENCH_FLEET';

/** What starts is still busy when it listens, so its stop is measured this much later; milliseconds. */
export const settleMs = 1000;

/** Some small servers and the times at which all of them were up and down. */
export class Fleet {
  readonly marker = randomUUID();
  readonly #atExit = (): void => killMarked(this.marker);

  private constructor(
    readonly ports: readonly number[],
    readonly commands: readonly Command[],
    readonly control: ControlServer,
  ) {
    // A benchmark that is interrupted leaves neither servers nor the daemons of others behind.
    process.once('exit', this.#atExit);
  }

  /** `more` are further arguments of the server with that number. */
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

  /** What is started by it carries the mark of the fleet. */
  get env(): Record<string, string> {
    return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', [markerName]: this.marker };
  }

  /** Milliseconds from the begin of the work until all servers listen. */
  async untilUp(begin: () => unknown): Promise<number> {
    this.control.forget();
    const start = performance.now();
    const begun = begin();
    await this.control.up(this.ports);
    const milliseconds = performance.now() - start;
    await begun;
    return milliseconds;
  }

  /** Milliseconds from the begin of the work until no process of any server lives, or the limit is over. */
  async untilDown(begin: () => unknown, limitMs = 20_000): Promise<number> {
    const start = performance.now();
    const begun = begin();
    await Promise.race([this.control.down(), pause(limitMs)]);
    const milliseconds = performance.now() - start;
    await Promise.race([begun, pause(limitMs)]);
    return milliseconds;
  }

  /** Ends what is still alive and says how many that were. */
  async close(): Promise<number> {
    process.removeListener('exit', this.#atExit);
    killMarked(this.marker);
    const servers = this.control.alive;
    await Promise.race([this.control.down(), pause(2000)]);
    await this.control.close();
    return servers;
  }
}

function killMarked(marker: string): void {
  for (const pid of pidsWith(`${markerName}=${marker}`)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in the meantime.
    }
  }
}
