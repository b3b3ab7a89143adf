import * as v from 'valibot';
import { AgentRefusal, failure } from './answer.js';
import { logLimits, waitLimits } from './limits.js';
import type { ToolName } from './names.js';

const idText =
  'The id of the server, exactly as devservers_list_servers returns it, such as "shop/apps/web:dev".';
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(500), v.description(idText));

const timeoutSeconds = v.optional(
  v.pipe(
    v.number(),
    v.minValue(0),
    v.maxValue(waitLimits.maxSeconds),
    v.description(`Seconds to wait until the server is ready. Default: ${waitLimits.defaultSeconds}.`),
  ),
  waitLimits.defaultSeconds,
);

/** Text that the operating system accepts as an argument or a path. */
const argument = v.pipe(
  v.string(),
  v.maxLength(4000),
  v.check((text) => !text.includes('\0'), 'contains a NUL character'),
);

/**
 * The input of each tool, with the descriptions that language models read. The JSON schemas in package.json and of the
 * MCP server are made from these at build time (`toolManifest.ts`).
 */
export const inputSchemas = {
  devservers_list_servers: v.strictObject({}),
  devservers_start_server: v.strictObject({
    id: v.optional(v.pipe(id, v.description(`${idText} Omit it only for a server that is not listed.`))),
    program: v.optional(
      v.pipe(
        argument,
        v.minLength(1),
        v.description('For a server that is not listed: the program to run, without a shell.'),
      ),
    ),
    args: v.optional(
      v.pipe(
        v.array(argument),
        v.maxLength(100),
        v.description('The arguments of the program, one for each item. They are passed without a shell.'),
      ),
      [],
    ),
    cwd: v.optional(
      v.pipe(
        argument,
        v.minLength(1),
        v.description(
          'The folder to run the program in: an absolute path inside the workspace, or a path relative to its first folder. Default: the first folder of the workspace.',
        ),
      ),
      '.',
    ),
    name: v.optional(
      v.pipe(
        v.string(),
        // The name becomes part of an id, so it has no character with a meaning in ids. JSON schemas know no flags.
        v.regex(/^\w[\w .-]{0,39}$/),
        v.description('For a server that is not listed: the name to show.'),
      ),
    ),
    timeoutSeconds,
  }),
  devservers_stop_server: v.strictObject({ id }),
  devservers_restart_server: v.strictObject({ id, timeoutSeconds }),
  devservers_get_server_logs: v.strictObject({
    id,
    lines: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.description(
          `Maximum number of lines or matches. Default: ${logLimits.defaultLines}. Larger numbers than ${logLimits.maxLines} count as ${logLimits.maxLines}.`,
        ),
      ),
      logLimits.defaultLines,
    ),
    offset: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(0),
        v.description(
          'Byte offset to read from. To continue reading, pass the "end" of an earlier answer. Without it, the end of the log is returned.',
        ),
      ),
    ),
    search: v.optional(
      v.pipe(
        v.string(),
        v.minLength(1),
        v.maxLength(500),
        v.description(
          'Text that lines must contain, in upper or lower case, or a regular expression between slashes, such as "/error|warn/".',
        ),
      ),
    ),
    kind: v.optional(
      v.pipe(
        v.literal('browser'),
        v.description(
          'Return only the first lines of messages that pages wrote to the browser console, if the server forwards them, as Vite and Next do. For a stack trace, continue reading at the byte offset of a line.',
        ),
      ),
    ),
  }),
  devservers_wait_until_ready: v.strictObject({ id, timeoutSeconds }),
  devservers_list_changes: v.strictObject({
    since: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(40),
        v.check((text) => !Number.isNaN(Date.parse(text)), 'is not a valid time'),
        v.description(
          'Return changes since this time: the "moment" of an earlier answer, or a time in ISO 8601 format.',
        ),
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
