import * as v from 'valibot';
import type { ProcessEvent } from '../../core/lifecycle/processHost.js';
import type { Endpoint, PortConflict, ReadinessProblem } from '../../core/readiness/endpoint.js';
import type { Survivor } from '../../core/server/state.js';
import type { AddressInUse } from '../../core/urlDetection/addressInUse.js';
import { count, identity, listOf, pid, port, runId, type EntriesFor } from './fields.js';

type EventEntries<Kind extends ProcessEvent['kind']> = EntriesFor<Extract<ProcessEvent, { kind: Kind }>>;
type ProblemEntries<Kind extends ReadinessProblem['kind']> = EntriesFor<
  Extract<ReadinessProblem, { kind: Kind }>
>;

export const survivors = listOf(v.object({ pid, command: v.string() } satisfies EntriesFor<Survivor>));

const exit = v.variant('kind', [
  v.object({ kind: v.literal('unknown') }),
  v.object({ kind: v.literal('code'), code: v.number() }),
  v.object({ kind: v.literal('signal'), signal: v.string() }),
]);

const conflict = {
  port: v.undefinedable(port),
  holder: v.undefinedable(v.object({ pid: v.number(), name: v.string() })),
} satisfies EntriesFor<PortConflict>;

const endpoint = v.object({
  url: v.pipe(v.string(), v.url()),
  listener: v.picklist(['own', 'published', 'unknown']),
  pid: v.undefinedable(pid),
  contested: v.boolean(),
  isShared: v.exactOptional(v.literal(true)),
  isPage: v.exactOptional(v.literal(true)),
  otherUrls: v.exactOptional(listOf(v.pipe(v.string(), v.url()))),
  conflict: v.exactOptional(v.object(conflict)),
} satisfies EntriesFor<Endpoint>);

const outcome = v.variant('kind', [
  v.object({ kind: v.literal('status'), status: v.number() }),
  v.object({
    kind: v.picklist([
      'accepted',
      'refused',
      'noAnswer',
      'closed',
      'notHttp',
      'tool',
      'notListening',
      'foreign',
      'noMatch',
    ]),
  }),
]);

const attempts = listOf(v.object({ target: v.string(), outcome }));

const problem = v.variant('kind', [
  v.object({
    kind: v.literal('timeout'),
    seconds: v.number(),
    attempts,
  } satisfies ProblemEntries<'timeout'>),
  v.object({
    kind: v.literal('slowPattern'),
    pattern: v.string(),
  } satisfies ProblemEntries<'slowPattern'>),
  v.object({ kind: v.literal('silent'), attempts } satisfies ProblemEntries<'silent'>),
  v.object({
    kind: v.literal('conflict'),
    ...conflict,
  } satisfies ProblemEntries<'conflict'>),
]);

const addressInUse = v.object({
  port: v.undefinedable(port),
  isQuestion: v.exactOptional(v.literal(true)),
  isOfTask: v.exactOptional(v.literal(true)),
} satisfies EntriesFor<AddressInUse>);

/** Schema of the events that the process host sends; its own loss is reported by its client. */
export const hostEvent = v.variant('kind', [
  v.object({ kind: v.literal('spawned'), runId, process: identity } satisfies EventEntries<'spawned'>),
  v.object({
    kind: v.literal('ready'),
    runId,
    endpoint: v.undefinedable(endpoint),
  } satisfies EventEntries<'ready'>),
  v.object({
    kind: v.literal('unhealthy'),
    runId,
    problem,
    endpoint: v.undefinedable(endpoint),
  } satisfies EventEntries<'unhealthy'>),
  v.object({ kind: v.literal('pageErrors'), runId, count } satisfies EventEntries<'pageErrors'>),
  v.object({ kind: v.literal('stopGrace'), runId, leftMs: v.number() } satisfies EventEntries<'stopGrace'>),
  v.object({
    kind: v.literal('ended'),
    runId,
    exit,
    interrupted: v.boolean(),
    tail: listOf(v.string()),
    addressInUse: v.exactOptional(addressInUse),
    survivors,
  } satisfies EventEntries<'ended'>),
]);
