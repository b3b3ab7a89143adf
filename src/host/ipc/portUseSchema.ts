import * as v from 'valibot';

const url = v.undefinedable(v.string());

const owner = v.variant('kind', [
  v.object({ kind: v.literal('server'), serverId: v.string() }),
  v.object({
    kind: v.literal('otherWindow'),
    run: v.undefinedable(
      v.object({ serverId: v.string(), folder: v.optional(v.string()), cwd: v.string(), url }),
    ),
  }),
  v.object({ kind: v.literal('editor') }),
  v.object({ kind: v.literal('containers') }),
  v.object({ kind: v.literal('foreign') }),
]);

const holder = v.object({
  // Anybody may hold a port, also the first process of the machine.
  process: v.object({ pid: v.number(), startTime: v.string(), bootId: v.string() }),
  name: v.string(),
  command: v.string(),
  folder: v.undefinedable(v.string()),
  startedAt: v.undefinedable(v.number()),
  owner,
});

/** A `PortUse` as the process host tells it. */
export const portUse = v.variant('kind', [
  v.object({ kind: v.literal('free') }),
  v.object({ kind: v.literal('held'), holders: v.pipe(v.array(holder), v.minLength(1)), url }),
  v.object({ kind: v.literal('unknown'), url }),
]);
