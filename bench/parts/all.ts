import { Fleet, settleMs } from '../harness/fleet.js';
import { byHand, ours, oursWithHost, type MakeManager } from '../candidates/managers.js';
import { compared, mark } from '../harness/marks.js';
import { peerManagers } from '../candidates/peerManagers.js';
import type { Mark, PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { pause, timed } from '../harness/time.js';

const servers = 100;

/** Times of one manager, milliseconds. */
interface Times {
  name: string;
  readonly up: number[];
  /** Until all processes of the servers are dead. */
  readonly down: number[];
  /** Until the manager reports that they are dead. */
  readonly reported: number[];
  /** Number of servers that survived. */
  left: number;
}

/** Measures how long each manager takes to start and stop all servers. The managers take turns. */
export async function all(setup: Setup): Promise<PartResult> {
  const { makers, missing } = peerManagers();
  const own = await ownExit(setup, rounds(setup, 20));
  const turns = [byHand, ours, oursWithHost, ...makers].map((maker) => ({ maker, times: empty() }));
  for (let round = 0; round < rounds(setup, 10); round += 1) {
    // Slow managers need fewer rounds.
    const due = turns.filter(({ times }) => round < 3 || median(times.up) < 1500);
    for (const { maker, times } of due) await oneRound(setup, maker, times);
  }
  const times = turns.map((turn) => turn.times);
  return {
    title: `Start and stop of ${servers} servers at once`,
    method: `The servers are small C programs (\`bench/servers/tiny.c\`). Each opens a connection when it listens, and the connection closes when it is dead, so nothing polls. "Up" is the time until the last server listens. The servers are stopped ${settleMs / 1000} s later, and "down" is the time until all processes are dead. Ours includes the registry and its locks. Its process host is already running, like the daemon of pm2; the third row includes the start of the process host. pm2 is stopped by its command, mprocs by its key, concurrently and run-p by Ctrl+C, the others by SIGTERM. For the exit of the slowest server itself, ${servers} servers are signaled directly, all at once.`,
    rows: [
      ...compared(
        'ms until all listen',
        times.map(({ name, up }) => ({ who: `${name}, up`, values: up })),
      ),
      ...compared('ms until all are dead', [
        { who: 'exit of the slowest server itself', values: own },
        ...times.map(({ name, down, left }) => ({
          who: `${name}, down`,
          values: down,
          more: { 'servers left': left },
        })),
        { who: 'ours, verified as dead', values: times[1]?.reported ?? [] },
      ]),
    ],
    marks: startAndStopMarks(times, median(own)),
    missing: [...missing, ...(setup.serverNote === undefined ? [] : [setup.serverNote])],
  };
}

function startAndStopMarks([bare = empty(), our = empty()]: readonly Times[], ownMs: number): Mark[] {
  return [
    mark({
      what: `${servers} servers listen`,
      ours: median(our.up),
      unit: 'ms',
      baseline: median(bare.up),
      about: 'ratio',
      atMost: 1.3,
    }),
    mark({
      what: `${servers} servers verified dead (own exit × 1.1 + 60 ms)`,
      ours: median(our.reported),
      unit: 'ms',
      baseline: ownMs,
      atMost: Math.round(ownMs * 1.1 + 60),
    }),
  ];
}

async function oneRound(setup: Setup, maker: MakeManager, times: Times): Promise<void> {
  const fleet = await Fleet.prepare(setup, servers);
  const manager = maker(fleet, setup);
  times.name = manager.name;
  await manager.prepare?.();
  times.up.push(await fleet.untilUp(() => manager.start()));
  await pause(settleMs);
  let reported = Number.NaN;
  const down = await fleet.untilDown(async () => {
    reported = await timed(() => manager.stop());
  });
  times.down.push(down);
  times.reported.push(reported);
  await manager.close();
  times.left += await fleet.close();
}

/** Measures how long the slowest server takes to exit when all are signalled, milliseconds. */
async function ownExit(setup: Setup, count: number): Promise<number[]> {
  const exits: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const fleet = await Fleet.prepare(setup, servers);
    const manager = byHand(fleet);
    await fleet.untilUp(() => manager.start());
    await pause(settleMs);
    exits.push(await fleet.untilDown(() => manager.stop()));
    await fleet.close();
  }
  return exits;
}

function empty(): Times {
  return { name: '', up: [], down: [], reported: [], left: 0 };
}
