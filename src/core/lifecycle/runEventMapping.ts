import type { ProcessEvent } from './processHost.js';
import type { RestartPolicy } from '../restart/restartPolicy.js';
import {
  type LiveRun,
  type ProcessIdentity,
  type RunEnd,
  type RunId,
  type ServerEvent,
} from '../server/state.js';
import type { Clock } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { isUp } from '../server/stateQueries.js';

export interface RunEventMappingDeps {
  readonly clock: Clock;
  /** Without one, what ends by itself is left down. */
  readonly restarts?: Pick<RestartPolicy, 'afterEnd' | 'forget'>;
}

/** What the process host tells of a run. */
export type RunEvent = Exclude<ProcessEvent, { kind: 'hostLost' }>;

/** A fact about a run as an event of its server, whose record is given as it is when the fact is told. */
export function toServerEvent(
  event: RunEvent,
  record: ServerRecord | undefined,
  deps: RunEventMappingDeps,
): ServerEvent {
  const { runId } = event;
  const { clock } = deps;
  switch (event.kind) {
    case 'spawned':
      return { kind: 'spawned', run: liveRun(runId, event.process, clock) };
    case 'ready':
    case 'unhealthy':
      return event;
    case 'ended': {
      const { exit, interrupted, tail, survivors } = event;
      const end = { exit, interrupted, tail, at: clock.now() };
      const endsByItself = survivors.length === 0 && record;
      return {
        kind: 'ended',
        runId,
        end: endsByItself ? withRestart(end, record, deps) : end,
        survivors,
      };
    }
  }
}

/** A run that is first heard of now. */
export function liveRun(id: RunId, process: ProcessIdentity, clock: Clock): LiveRun {
  return { id, process, startedAt: clock.now(), startedTick: clock.tick() };
}

/** What follows an end becomes true together with it, so that no stop can come between them unseen. */
function withRestart(end: RunEnd, { definition, state }: ServerRecord, deps: RunEventMappingDeps): RunEnd {
  // One that ended at once may be told as ended while its start is being recorded.
  if (!isUp(state) && state.kind !== 'reserved') return end;
  const run = isUp(state) ? state.run : undefined;
  const restart = deps.restarts?.afterEnd(definition, end, run);
  return restart ? { ...end, restart } : end;
}
