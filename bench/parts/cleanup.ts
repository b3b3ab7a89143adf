import { Fleet } from '../harness/fleet.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { timed } from '../harness/time.js';
import { Window } from '../harness/window.js';

const servers = 100;
const deaf = 5;

/** Same as `cleanupGraceMs` of the lifecycle. */
const graceMs = 2000;

/** Measures `deactivate` with many servers, some of which ignore SIGTERM. */
export async function cleanup(setup: Setup): Promise<PartResult> {
  const times: number[] = [];
  let left = 0;
  for (let round = 0; round < rounds(setup, 10); round += 1) {
    const fleet = await Fleet.prepare(setup, servers, (index) => (index < deaf ? [0, 'deaf'] : []));
    const window = new Window();
    const ids = await window.define(fleet.commands);
    await fleet.untilUp(() => Promise.all(ids.map((id) => window.lifecycle.start(id))));
    times.push(
      await timed(async () => {
        await window.lifecycle.cleanup();
        await window.processes.dispose();
      }),
    );
    left += fleet.control.alive;
    await window.close();
    await fleet.close();
  }
  return {
    title: `Clean-up of ${servers} servers, ${deaf} of which ignore SIGTERM`,
    method:
      'The steps of `deactivate`: close the registry, stop all servers, and end the process host. Servers that ignore the signal are killed after the grace period of a clean-up. There is no peer: VS Code does not end processes in its own terminals when the extension host exits.',
    rows: compared('ms', [{ who: 'ours', values: times, more: { 'servers left': left } }]),
    marks: [
      mark({
        what: 'clean-up (grace + 300 ms)',
        ours: median(times),
        unit: 'ms',
        baseline: graceMs,
        atMost: graceMs + 300,
      }),
      mark({ what: 'servers left', ours: left, unit: '', atMost: 0 }),
    ],
    missing: setup.serverNote === undefined ? [] : [setup.serverNote],
  };
}
