import * as v from 'valibot';
import { AgentRefusal, failure } from './answer.js';
import { logLimits, waitLimits } from './limits.js';
import type { ToolName } from './names.js';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

const timeoutSeconds = v.optional(
  v.pipe(v.number(), v.minValue(0), v.maxValue(waitLimits.maxSeconds)),
  waitLimits.defaultSeconds,
);

/** Text that the operating system accepts as an argument or a path. */
const argument = v.pipe(
  v.string(),
  v.maxLength(4000),
  v.check((text) => !text.includes('\0'), 'contains a NUL character'),
);

/**
 * The input of each tool. The JSON schemas in package.json and of the MCP server are made from these at build time, with
 * the descriptions of `descriptions.ts`.
 */
export const inputSchemas = {
  devservers_list_servers: v.strictObject({}),
  devservers_start_server: v.strictObject({
    id: v.optional(id),
    program: v.optional(v.pipe(argument, v.minLength(1))),
    args: v.optional(v.pipe(v.array(argument), v.maxLength(100)), []),
    cwd: v.optional(v.pipe(argument, v.minLength(1)), '.'),
    name: v.optional(
      v.pipe(
        v.string(),
        // The name becomes part of an id, so it has no character with a meaning in ids. JSON schemas know no flags.
        v.regex(/^\w[\w .-]{0,39}$/),
      ),
    ),
    timeoutSeconds,
  }),
  devservers_stop_server: v.strictObject({ id }),
  devservers_restart_server: v.strictObject({ id, timeoutSeconds }),
  devservers_get_server_logs: v.strictObject({
    id,
    lines: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), logLimits.defaultLines),
    offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    search: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
    kind: v.optional(v.literal('browser')),
  }),
  devservers_wait_until_ready: v.strictObject({ id, timeoutSeconds }),
  devservers_list_changes: v.strictObject({
    since: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(40),
        v.check((text) => !Number.isNaN(Date.parse(text)), 'is not a valid time'),
      ),
    ),
  }),
} satisfies Record<ToolName, v.GenericSchema>;

type InputSchemas = typeof inputSchemas;

export type ToolInput<Name extends ToolName> = v.InferOutput<InputSchemas[Name]>;

/** Checks the input of a tool. Throws an `AgentRefusal` that names each problem and its position. */
export function parseToolInput<Name extends ToolName>(name: Name, input: unknown): ToolInput<Name> {
  const result = v.safeParse<InputSchemas[Name]>(inputSchemas[name], input ?? {});
  if (result.success) return result.output;
  const problems = result.issues.slice(0, 5).map((issue) => {
    const path = v.getDotPath(issue);
    return path === null ? issue.message : `${path}: ${issue.message}`;
  });
  throw new AgentRefusal(failure('badRequest', `Invalid arguments for ${name}. ${problems.join('. ')}`));
}
