import { Mutex } from 'async-mutex';
import { compared, mark } from '../harness/marks.js';
import { locked, unlocked, type Operator } from '../candidates/operators.js';
import type { Mark, PartResult, Row } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { inParallel } from '../harness/work.js';
import type { Command } from '../harness/window.js';

const cycles = 300;

/** Number of cycles with one lock for all: they run one after another, which is slow. */
const cyclesInTurn = 60;
const command: Command = ['/bin/sleep', '1000'];

/** Measures parallel starts and stops of different servers: with our locks, without locks, and with one lock for all. */
export async function locks(setup: Setup): Promise<PartResult> {
  const rows: Row[] = [];
  const marks: Mark[] = [];
  for (const atOnce of [10, 100]) {
    const candidates = [
      { make: () => unlocked(command), values: [] as number[], name: 'no locks and no registry', cycles },
      { make: () => locked(command, atOnce), values: [] as number[], name: 'ours', cycles },
      {
        make: withOneMutex,
        values: [] as number[],
        name: 'one mutex held during each operation',
        cycles: cyclesInTurn,
      },
    ];
    for (let round = 0; round < rounds(setup, 10); round += 1) {
      // The order alternates, because the fastest candidate leaves the machine busy for the next one.
      const order = round % 2 === 0 ? candidates : candidates.toReversed();
      for (const { make, values, cycles: count } of order)
        values.push(await cyclesPerSecond(await make(), atOnce, count));
    }
    const named = candidates.map(({ name, values }) => ({ who: `${name}, ${atOnce} at once`, values }));
    rows.push(...compared('cycles/s', named));
    const [none, ours] = candidates.map(({ values }) => median(values));
    marks.push(
      mark({
        what: `start and stop, ${atOnce} at once`,
        ours: ours ?? Number.NaN,
        unit: '/s',
        baseline: none ?? Number.NaN,
        about: 'ratio',
        atLeast: 0.95,
      }),
    );
  }
  return {
    title: 'Locks during real starts and stops',
    method: `${cycles} cycles of a start and a verified stop of \`sleep\` (${cyclesInTurn} with the single mutex), by 10 and by 100 callers, each with its own server. The baseline calls the same process host without registry, queues or statistics.`,
    rows,
    marks,
    missing: [],
  };
}

async function withOneMutex(): Promise<Operator> {
  const operator = await unlocked(command);
  const mutex = new Mutex();
  return {
    ...operator,
    start: (server) => mutex.runExclusive(() => operator.start(server)),
    stop: (server) => mutex.runExclusive(() => operator.stop(server)),
  };
}

async function cyclesPerSecond(operator: Operator, atOnce: number, count: number): Promise<number> {
  const start = performance.now();
  let caller = 0;
  const callers = Array.from({ length: atOnce }, () => caller++);
  await inParallel(count, atOnce, async () => {
    // Each caller has its own server: otherwise, the time that it waits for another caller would be measured as well.
    const server = callers.pop() ?? 0;
    await operator.start(server);
    await operator.stop(server);
    callers.push(server);
  });
  const perSecond = count / ((performance.now() - start) / 1000);
  await operator.close();
  return perSecond;
}
