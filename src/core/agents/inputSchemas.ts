import * as v from 'valibot';
import { AgentRefusal, failure } from './answer.js';
import type { ToolName } from './names.js';

/** Bounds of what may be asked for; the schemas that agents are shown hold the same. */
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const timeoutSeconds = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(300)), 45);
const word = v.pipe(
  v.string(),
  v.maxLength(4000),
  v.check((text) => !text.includes('\0'), 'holds a NUL'),
);

const schemas = {
  devservers_list_servers: v.strictObject({}),
  devservers_start_server: v.strictObject({
    id: v.optional(id),
    program: v.optional(v.pipe(word, v.minLength(1))),
    args: v.optional(v.pipe(v.array(word), v.maxLength(100)), []),
    cwd: v.optional(v.pipe(word, v.minLength(1)), '.'),
    // Part of an id, so no character that could be mistaken for something else.
    name: v.optional(v.pipe(v.string(), v.regex(/^[\w][\w .-]{0,39}$/u))),
    timeoutSeconds,
  }),
  devservers_stop_server: v.strictObject({ id }),
  devservers_restart_server: v.strictObject({ id, timeoutSeconds }),
  devservers_get_server_logs: v.strictObject({
    id,
    lines: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    search: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
  }),
  devservers_wait_until_ready: v.strictObject({ id, timeoutSeconds }),
} satisfies Record<ToolName, v.GenericSchema>;

type Schemas = typeof schemas;

export type ToolInput<Name extends ToolName> = v.InferOutput<Schemas[Name]>;

/** What a tool was given, checked. Throws an `AgentRefusal` that names what is wrong and where. */
export function toolInput<Name extends ToolName>(name: Name, given: unknown): ToolInput<Name> {
  const result = v.safeParse<Schemas[Name]>(schemas[name], given ?? {});
  if (result.success) return result.output;
  const problems = result.issues.slice(0, 5).map((issue) => {
    const place = v.getDotPath(issue);
    return place === null ? issue.message : `${place}: ${issue.message}`;
  });
  throw new AgentRefusal(failure('badRequest', `${name} was called wrongly. ${problems.join('. ')}`));
}
