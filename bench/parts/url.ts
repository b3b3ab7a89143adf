import { once } from 'node:events';
import { connect } from 'node:net';
import { startBare, killGroup } from '../harness/bare.js';
import { Fleet } from '../harness/fleet.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median, quantile } from '../harness/statistics.js';
import { Window, type Command } from '../harness/window.js';
import { addressOf } from '../../src/core/server/stateQueries.js';

/** From when it listens until it says so, milliseconds; at random, so that no clock of ours falls in with it. */
const latest = 400;
const pollMs = 500;

/** From the line with the address to the address in the snapshot. */
export async function url(setup: Setup): Promise<PartResult> {
  const times = { seen: [] as number[], polled: [] as number[], ours: [] as number[], asked: [] as number[] };
  const window = new Window();
  await window.warmUp();
  for (let round = 0; round < rounds(setup, 100); round += 1) {
    const { seen, polled, asked } = await byHand(setup);
    times.seen.push(seen);
    times.polled.push(polled);
    times.asked.push(asked);
    times.ours.push(await byOurs(setup, window));
  }
  await window.close();
  const p95 = quantile(times.ours, 0.95);
  const seen = median(times.seen);
  return {
    title: 'From the printed line to the address in the snapshot',
    method: `A small server listens, waits up to ${latest} ms, and prints its address. By hand, the line is taken to be true as soon as it is seen, by the terminal's data or by a look every ${pollMs} ms. Ours finds out that a process of the server holds the socket and that it answers by HTTP, and only then shows the address. The clock is that of the system, read by the server just before it prints.`,
    rows: compared('ms', [
      { who: 'the line is seen, by hand', values: times.seen },
      { who: 'the line is seen and the port accepts, by hand', values: times.asked },
      { who: `by hand, looking every ${pollMs} ms`, values: times.polled },
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
  Fleet.prepare(setup, 1, () => [0, 'late', Math.round(Math.random() * latest)]);

interface ByHand {
  readonly seen: number;
  readonly asked: number;
  readonly polled: number;
}

async function byHand(setup: Setup): Promise<ByHand> {
  const fleet = await lateServer(setup);
  const [command] = fleet.commands as readonly [Command];
  const begun = performance.now();
  let text = '';
  const lines = new EventTarget();
  const line = once(lines, 'line').then(() => process.hrtime.bigint());
  const run = startBare(command, fleet.env, (chunk) => {
    text += chunk.toString();
    if (/http:\/\/localhost:\d+\//.test(text)) lines.dispatchEvent(new Event('line'));
  });
  const seenAt = await line;
  // What a look at fixed times from the start on would have made of it.
  const polled = Math.ceil((performance.now() - begun) / pollMs) * pollMs - (performance.now() - begun);
  await accepts(fleet.ports[0] ?? 0);
  const askedAt = process.hrtime.bigint();
  const [told] = await fleet.control.up(fleet.ports);
  killGroup(run.pid);
  await run.ended;
  await fleet.close();
  const seen = since(told?.at, seenAt);
  return { seen, asked: since(told?.at, askedAt), polled: seen + polled };
}

async function byOurs(setup: Setup, window: Window): Promise<number> {
  const fleet = await lateServer(setup);
  const [id = ''] = await window.define(fleet.commands);
  const shown = window
    .until((registry) => addressOf(registry.get(id).state) !== undefined)
    .then(() => process.hrtime.bigint());
  await window.lifecycle.start(id);
  const at = await shown;
  const [told] = await fleet.control.up(fleet.ports);
  await window.lifecycle.stop(id);
  await fleet.close();
  return since(told?.at, at);
}

function since(from: bigint | undefined, to: bigint): number {
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
