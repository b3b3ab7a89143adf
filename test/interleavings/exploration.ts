import * as fc from 'fast-check';
import { definitions, steps } from './commands.js';
import { World } from './world.js';
import type { RestartMode } from '../../src/core/server/overrides.js';

export interface ExplorationOptions {
  readonly runs: number;
  readonly seed: number;
  /** Shrinks a failure to the shortest steps, which takes longer than finding it. */
  readonly shrink: boolean;
}

/** Runs random sequences of steps in random schedules. Throws with a sequence that violates an invariant. */
export async function explore({ runs, seed, shrink }: ExplorationOptions): Promise<void> {
  const watched: { world?: World } = {};
  // Check the invariants after each task that the scheduler releases.
  const scheduler = fc.scheduler({
    act: async (task) => {
      await task();
      watched.world?.check();
    },
  });
  const limit = fc.constantFrom(1, 2, 5);
  const restarts = fc.constantFrom<RestartMode>('never', 'on-failure', 'always');
  await fc.assert(
    fc.asyncProperty(
      scheduler,
      definitions,
      limit,
      restarts,
      steps,
      async (order, defined, maxServers, restart, commands) => {
        const world = new World(order, { definitions: defined, maxServers, restart });
        watched.world = world;
        await fc.scheduledModelRun(order, () => ({ model: {}, real: world }), commands);
        await world.checkQuiet();
        await world.checkFree();
      },
    ),
    { numRuns: runs, seed, endOnFailure: !shrink },
  );
}
