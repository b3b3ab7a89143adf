import { once } from 'node:events';
import { connect } from 'node:net';
import { startBare, killGroup } from '../candidates/bare.js';
import { Fleet } from '../harness/fleet.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median, quantile } from '../harness/statistics.js';
import { Window, type Command } from '../harness/window.js';
import { addressOf } from '../../src/core/server/stateQueries.js';

/**
 * Longest time from listening to the printed line, milliseconds. The time is random, so that it coincides with none of
 * our timers.
 */
const maxDelayMs = 400;
const pollMs = 500;

/** Measures the time from the line with the URL to the URL in the snapshot. */
export async function url(setup: Setup): Promise<PartResult> {
  const times = {
    seen: [] as number[],
    polled: [] as number[],
    ours: [] as number[],
    accepted: [] as number[],
  };
  const window = new Window();
  await window.warmUp();
  for (let round = 0; round < rounds(setup, 100); round += 1) {
    const { seen, polled, accepted } = await byHand(setup);
    times.seen.push(seen);
    times.polled.push(polled);
    times.accepted.push(accepted);
    times.ours.push(await byOurs(setup, window));
  }
  await window.close();
  const p95 = quantile(times.ours, 0.95);
  const seen = median(times.seen);
  return {
    title: 'From the printed line to the URL in the snapshot',
    method: `A small server listens, waits up to ${maxDelayMs} ms, and prints its URL. By hand, the line is trusted as soon as it is seen, in the output of the terminal or by polling every ${pollMs} ms. Ours shows the URL only after it has checked that a process of the server owns the socket and answers by HTTP. The time begins when the server reads the system clock, just before it prints.`,
    rows: compared('ms', [
      { who: 'the line is seen, by hand', values: times.seen },
      { who: 'the line is seen and the port accepts, by hand', values: times.accepted },
      { who: `by hand, polling every ${pollMs} ms`, values: times.polled },
      { who: 'ours, owned and answering', values: times.ours },
    ]),
    marks: [
      mark({ what: 'line → snapshot, p50', ours: median(times.ours), unit: 'ms', baseline: seen, atMost: 5 }),
      mark({
        what: 'line → snapshot, p95',
        ours: p95,
        unit: 'ms',
        baseline: quantile(times.seen, 0.95),
        atMost: 20,
      }),
    ],
    missing: setup.serverNote === undefined ? [] : [setup.serverNote],
  };
}

const lateServer = (setup: Setup): Promise<Fleet> =>
  Fleet.prepare(setup, 1, () => [0, 'late', Math.round(Math.random() * maxDelayMs)]);

/** Times since the printed line, milliseconds. */
interface ByHand {
  readonly seen: number;
  readonly accepted: number;
  readonly polled: number;
}

async function byHand(setup: Setup): Promise<ByHand> {
  const fleet = await lateServer(setup);
  const [command] = fleet.commands as readonly [Command];
  const startedAt = performance.now();
  let text = '';
  const lines = new EventTarget();
  const line = once(lines, 'line').then(() => process.hrtime.bigint());
  const run = startBare(command, fleet.env, (chunk) => {
    text += chunk.toString();
    if (/http:\/\/localhost:\d+\//.test(text)) lines.dispatchEvent(new Event('line'));
  });
  const seenAt = await line;
  // Time until the next poll; polls have fixed intervals since the start.
  const elapsedMs = performance.now() - startedAt;
  const untilPollMs = Math.ceil(elapsedMs / pollMs) * pollMs - elapsedMs;
  await accepts(fleet.ports[0] ?? 0);
  const acceptedAt = process.hrtime.bigint();
  const [report] = await fleet.control.whenUp(fleet.ports);
  killGroup(run.pid);
  await run.ended;
  await fleet.close();
  const seen = msBetween(report?.at, seenAt);
  return { seen, accepted: msBetween(report?.at, acceptedAt), polled: seen + untilPollMs };
}

async function byOurs(setup: Setup, window: Window): Promise<number> {
  const fleet = await lateServer(setup);
  const [id = ''] = await window.define(fleet.commands);
  const shown = window
    .until((registry) => addressOf(registry.get(id).state) !== undefined)
    .then(() => process.hrtime.bigint());
  await window.lifecycle.start(id);
  const shownAt = await shown;
  const [report] = await fleet.control.whenUp(fleet.ports);
  await window.lifecycle.stop(id);
  await fleet.close();
  return msBetween(report?.at, shownAt);
}

function msBetween(from: bigint | undefined, to: bigint): number {
  return from === undefined ? Number.NaN : Number(to - from) / 1e6;
}

async function accepts(port: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', () => resolve());
  });
}
