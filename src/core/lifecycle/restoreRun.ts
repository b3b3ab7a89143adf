import { toServerError } from '../server/errors.js';
import type { ServerDefinition } from '../server/definition.js';
import type { LiveRun, ServerState } from '../server/state.js';
import { isUp } from '../server/stateQueries.js';
import type { Clock } from '../common.js';
import type { Registry } from '../registry/registry.js';
import type { Outcome } from './outcome.js';
import type { ProcessHost, RunEvent, RunFacts } from './processHost.js';
import type { RunEvents } from './runEvents.js';

/** A run of an earlier window. */
export interface RestoredRun {
  readonly definition: ServerDefinition;
  /** The state in which that window left the server. */
  readonly state: ServerState;
  readonly facts: RunFacts;
}

export interface RestoreRunDeps {
  readonly registry: Pick<Registry, 'restore'>;
  readonly processes: Pick<ProcessHost, 'join'>;
  readonly runs: RunEvents;
  readonly clock: Clock;
}

/** Lists the run as the earlier window left it, and applies what happened since. Calls `onListed` before it waits for a start. */
export async function restoreRun(
  { definition, state, facts }: RestoredRun,
  { registry, processes, runs, clock }: RestoreRunDeps,
  onListed: () => void,
): Promise<Outcome> {
  const restored = restoredState(state, facts, clock);
  await registry.restore(definition, restored);
  runs.track(facts.runId, definition.id);
  for (const event of facts.events) if (changesListedServer(event, state, restored)) runs.handle(event);
  onListed();
  if (restored.kind !== 'reserved') return { kind: 'alreadyRunning' };
  try {
    await processes.join(facts.runId);
  } catch (thrown) {
    await runs.fail(facts.runId, toServerError(thrown, 'spawnFailed'));
    throw thrown;
  }
  return { kind: 'started' };
}

/**
 * Returns the state in which the run is listed first. The caller repeats a stop that was in progress, so until then the
 * server counts as running.
 */
function restoredState(state: ServerState, { runId, ageMs, events }: RunFacts, clock: Clock): ServerState {
  const startedTick = clock.tick() - ageMs;
  if (state.kind === 'reserved') {
    const spawned = events.find((event) => event.kind === 'spawned');
    if (!spawned) return state;
    const { startedBy } = state;
    const { process } = spawned;
    const run = { id: runId, process, startedAt: clock.now() - ageMs, startedTick };
    return { kind: 'starting', run: { ...run, ...(startedBy && { startedBy }) } };
  }
  if (!('run' in state)) return state;
  const run: LiveRun = { ...state.run, startedTick };
  return state.kind === 'stopping' ? { kind: 'starting', run } : { ...state, run };
}

/** Returns whether the event changes the listed server. The result of a stop is reported by the repeated stop. */
function changesListedServer(event: RunEvent, state: ServerState, restored: ServerState): boolean {
  if (event.kind === 'spawned' || state.kind === 'stopping') return false;
  return event.kind === 'ended' || isUp(restored);
}
