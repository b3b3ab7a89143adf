import type { RunEvent } from './processHost.js';
import type { Endpoint } from '../readiness/endpoint.js';
import type { RestartPolicy } from '../restart/restartPolicy.js';
import {
  type LiveRun,
  type ProcessIdentity,
  type RunEnd,
  type RunId,
  type ServerEvent,
} from '../server/state.js';
import type { Clock } from '../common.js';
import type { ServerDefinition } from '../server/definition.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { isUp } from '../server/stateQueries.js';

export interface RunEventMappingDeps {
  readonly clock: Clock;
  /** Without it a server that exits on its own is not restarted. */
  readonly restarts?: Pick<RestartPolicy, 'afterEnd' | 'forget'>;
  /** Returns the port that a server is known to use before it listens. */
  readonly portOf?: (definition: ServerDefinition) => number | undefined;
}

/** Converts an event of a run to an event of its server, whose record is the one at the time of the event. */
export function toServerEvent(
  event: RunEvent,
  record: ServerRecord | undefined,
  deps: RunEventMappingDeps,
): ServerEvent {
  const { runId } = event;
  const { clock } = deps;
  switch (event.kind) {
    case 'spawned': {
      const port = record && deps.portOf?.(record.definition);
      const run = liveRun(runId, event.process, clock);
      return { kind: 'spawned', run: { ...run, ...(port !== undefined && { port }) } };
    }
    case 'pageErrors':
      return event;
    case 'stopGrace':
      return { kind: 'stopGrace', runId, untilTick: clock.tick() + event.leftMs };
    case 'ready':
    case 'unhealthy':
      return {
        ...event,
        endpoint: event.endpoint && configuredEndpoint(event.endpoint, record?.definition.url),
      };
    case 'ended': {
      const { exit, interrupted, tail, addressInUse, survivors } = event;
      const end = { exit, interrupted, tail, ...(addressInUse && { addressInUse }), at: clock.now() };
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

/** Replaces the detected address by the one that the user configured. */
function configuredEndpoint(endpoint: Endpoint, url: string | undefined): Endpoint {
  if (url === undefined || url === endpoint.url) return endpoint;
  const others = [endpoint.url, ...(endpoint.otherUrls ?? [])].filter((each) => each !== url);
  return { ...endpoint, url, otherUrls: others };
}

/** Creates the record of a run that has just become known. */
export function liveRun(id: RunId, process: ProcessIdentity, clock: Clock): LiveRun {
  return { id, process, startedAt: clock.now(), startedTick: clock.tick() };
}

/** Records the planned restart together with the end, so that a stop cannot come between the two. */
function withRestart(end: RunEnd, { definition, state }: ServerRecord, deps: RunEventMappingDeps): RunEnd {
  // A process that exits at once may be reported before its start is recorded.
  if (!isUp(state) && state.kind !== 'reserved') return end;
  const run = isUp(state) ? state.run : undefined;
  const restart = deps.restarts?.afterEnd(definition, end, run);
  return restart ? { ...end, restart } : end;
}
