import { compared, mark } from '../harness/marks.js';
import { bare, chained, locked, unlocked, type Operator } from '../candidates/operators.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { inParallel, randomNumbers } from '../harness/work.js';
import type { Command } from '../harness/window.js';

const operations = 1000;
const atOnce = 100;
const servers = 50;
const command: Command = ['/bin/sleep', '1000'];

/** Measures random starts, stops, restarts and lists of real processes. All candidates get the same sequence. */
export async function operationsAtOnce(setup: Setup): Promise<PartResult> {
  const candidates = [
    { make: () => unlocked(command).then(chained), values: [] as number[], name: '' },
    { make: () => locked(command, servers), values: [] as number[], name: '' },
    { make: () => Promise.resolve(chained(bare(command))), values: [] as number[], name: '' },
  ];
  for (let round = 0; round < rounds(setup, 10); round += 1) {
    for (const candidate of candidates) {
      const operator = await candidate.make();
      candidate.name = operator.name;
      candidate.values.push(await perSecond(operator, round));
      await operator.close();
    }
  }
  const [baseline, ours] = candidates.map(({ values }) => median(values));
  return {
    title: `${operations} real operations, ${atOnce} at once, on ${servers} servers`,
    method:
      'Starts (40%), stops (30%), restarts (10%) and lists (20%) of `sleep` in a random order that is the same for all candidates. The baseline uses the same process host, with a map and a promise chain for each server instead of registry, queues and statistics. By hand, the calling process kills the processes, and nothing is verified, logged or recorded.',
    rows: compared(
      'operations/s',
      candidates.map(({ name, values }) => ({ who: name, values })),
    ),
    marks: [
      mark({
        what: 'operations',
        ours: ours ?? Number.NaN,
        unit: '/s',
        baseline: baseline ?? Number.NaN,
        about: 'ratio',
        atLeast: 0.9,
      }),
      mark({ what: 'operations', ours: ours ?? Number.NaN, unit: '/s', atLeast: 1500 }),
    ],
    missing: [],
  };
}

async function perSecond(operator: Operator, seed: number): Promise<number> {
  const random = randomNumbers(seed);
  const steps = Array.from({ length: operations }, () => ({
    kind: random(),
    server: Math.floor(random() * servers),
  }));
  const start = performance.now();
  await inParallel(operations, atOnce, (index) => {
    const { kind, server } = steps[index] ?? { kind: 1, server: 0 };
    if (kind < 0.4) return operator.start(server);
    if (kind < 0.7) return operator.stop(server);
    return kind < 0.8 ? operator.restart(server) : operator.list();
  });
  return operations / ((performance.now() - start) / 1000);
}
