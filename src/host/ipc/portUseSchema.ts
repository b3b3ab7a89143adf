import * as v from 'valibot';
import type { PortHolder, PortUse, WindowRun } from '../../core/tcpPorts/portUse.js';
import type { ProcessIdentity } from '../../core/server/state.js';
import type { EntriesFor } from './fields.js';

const url = v.undefinedable(v.string());

const windowRun = v.object({
  serverId: v.string(),
  folder: v.optional(v.string()),
  cwd: v.string(),
  url,
} satisfies EntriesFor<WindowRun>);

const owner = v.variant('kind', [
  v.object({ kind: v.literal('server'), serverId: v.string() }),
  v.object({ kind: v.literal('otherWindow'), run: v.undefinedable(windowRun) }),
  v.object({ kind: v.literal('editor') }),
  v.object({ kind: v.literal('containers') }),
  v.object({ kind: v.literal('foreign') }),
]);

const holder = v.object({
  // Any process may listen on a port, pid 1 included.
  process: v.object({
    pid: v.number(),
    startTime: v.string(),
    bootId: v.string(),
  } satisfies EntriesFor<ProcessIdentity>),
  name: v.string(),
  command: v.string(),
  folder: v.undefinedable(v.string()),
  startedAt: v.undefinedable(v.number()),
  owner,
} satisfies EntriesFor<PortHolder>);

/** Schema of a `PortUse`. */
export const portUse = v.variant('kind', [
  v.object({ kind: v.literal('free') }),
  v.object({
    kind: v.literal('held'),
    holders: v.pipe(v.array(holder), v.minLength(1), v.readonly()),
    url,
  } satisfies EntriesFor<Extract<PortUse, { kind: 'held' }>>),
  v.object({ kind: v.literal('unknown'), url, isReserved: v.exactOptional(v.literal(true)) }),
]);
