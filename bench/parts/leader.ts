import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deferred } from '../../src/core/deferred.js';
import { startRoot } from '../../src/host/launch/rootProcess.js';
import { SessionLeaders } from '../../src/host/launch/sessionLeader.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { pause, timed } from '../harness/time.js';
import { Window } from '../harness/window.js';

const environment = { ...process.env } as Record<string, string>;

/** Pause after the start of a program, milliseconds. */
const restMs = 30;

/** Measures the cost of the shell that leads the session of each server. */
export async function leader(setup: Setup): Promise<PartResult> {
  const folder = mkdtempSync(join(tmpdir(), 'dev-servers-bench-'));
  const leaders = await SessionLeaders.open(join(folder, 'leaders'), {
    outlivesHost: false,
    reportError: console.error,
  });
  if (!leaders) throw new Error('There is no leader on this system.');
  const [alone, led] = [new Starts(undefined), new Starts(leaders)];
  const [aloneStops, ledStops] = [new Stops(withoutLeaders(() => new Window())), new Stops(new Window())];
  await withoutLeaders(() => aloneStops.window.warmUp());
  await ledStops.window.warmUp();
  for (let round = 0; round < rounds(setup, 300); round += 1) {
    const turn = [alone, led, aloneStops, ledStops];
    // The order alternates, so that neither of the two always follows the same one.
    for (const each of round % 2 === 0 ? turn : turn.toReversed()) await each.round();
  }
  await aloneStops.window.close();
  await ledStops.window.close();
  leaders.close();
  rmSync(folder, { recursive: true });
  const memory = median(led.memory);
  return {
    title: 'The session leader of a server',
    method:
      'Starts a shell that prints a line and becomes `sleep`, alternating with and without a session leader. Measures the time from the call to the first output and to the known pid, and the memory of the leader (PSS). A stop is measured with `sleep` in a process host, until it is verified dead. A process host without `mkfifo` in its PATH has no leaders.',
    rows: [
      ...compared('ms', [
        { who: 'first output, without a leader', values: alone.output },
        { who: 'first output, with a leader', values: led.output },
      ]),
      ...compared('ms', [
        { who: 'known pid, without a leader', values: alone.pid },
        { who: 'known pid, with a leader', values: led.pid },
      ]),
      ...compared('ms', [
        { who: 'stop, without a leader', values: aloneStops.times },
        { who: 'stop, with a leader', values: ledStops.times },
      ]),
    ],
    marks: [
      difference('first output', alone.output, led.output, 3),
      difference('known pid', alone.pid, led.pid, 3),
      difference('stop', aloneStops.times, ledStops.times, 5),
      mark({ what: 'memory of the leader', ours: memory, unit: 'MiB', atMost: 1.5 }),
    ],
    missing: [],
  };
}

function difference(
  what: string,
  without: readonly number[],
  withLeader: readonly number[],
  atMost: number,
): PartResult['marks'][number] {
  const [ours, baseline] = [median(withLeader), median(without)];
  return mark({ what, ours, unit: 'ms', baseline, about: 'difference', atMost });
}

/** Times of starts in this process. */
class Starts {
  readonly output: number[] = [];
  readonly pid: number[] = [];
  /** Memory of the leader, MiB. */
  readonly memory: number[] = [];
  #count = 0;

  constructor(private readonly leaders: SessionLeaders | undefined) {}

  async round(): Promise<void> {
    this.#count += 1;
    const start = performance.now();
    const output = new Deferred<number>();
    const exited = new Deferred();
    const root = startRoot({
      runId: `run-${this.#count}`,
      file: '/bin/sh',
      args: ['-c', 'echo up; exec /bin/sleep 1000'],
      cwd: '/',
      env: environment,
      leaders: this.leaders,
      onData: () => output.resolve(performance.now() - start),
      onExit: () => exited.resolve(),
    });
    const { pid, leaderPid } = await root.started;
    this.pid.push(performance.now() - start);
    this.output.push(await output.promise);
    await pause(restMs);
    if (leaderPid !== undefined) this.memory.push(memoryMiB(leaderPid));
    process.kill(pid, 'SIGTERM');
    await exited.promise;
    if (leaderPid !== undefined) process.kill(leaderPid, 'SIGKILL');
    await root.closed;
  }
}

/** Times of verified stops by a process host. */
class Stops {
  readonly times: number[] = [];

  constructor(readonly window: Window) {}

  async round(): Promise<void> {
    const runId = await this.window.start(['/bin/sleep', '1000']);
    await pause(restMs);
    this.times.push(await timed(() => this.window.stop(runId)));
  }
}

/** Calls a function while a new process host finds no `mkfifo`, and so has no leaders. */
function withoutLeaders<Result>(call: () => Result): Result {
  const path = process.env['PATH'];
  process.env['PATH'] = '';
  try {
    return call();
  } finally {
    process.env['PATH'] = path;
  }
}

function memoryMiB(pid: number): number {
  const [, kibibytes = 'NaN'] = /^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}
