import * as v from 'valibot';
import type { AgentAnswer } from '../../core/agents/answer.js';
import { toolNames, type ToolName } from '../../core/agents/names.js';
import type { ServerId } from '../../core/server/identity.js';

/** Version of the protocol; increases when a window and an MCP server of different versions are incompatible. */
export const wireVersion = 2;

/** Longest line of a client that has not sent its token yet, bytes. */
export const maxHelloBytes = 4096;

/** Longest line of a client, bytes. */
export const maxLineBytes = 512 * 1024;

/** Longest id of a server that a client may send, in UTF-16 units. */
export const maxIdLength = 500;

const hello = v.object({
  kind: v.literal('hello'),
  version: v.number(),
  token: v.pipe(v.string(), v.maxLength(200)),
  agent: v.pipe(v.string(), v.maxLength(200)),
  /** Process of the client; missing in version 1. */
  pid: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Program that passes the calls on; an MCP server if it is missing. */
  via: v.optional(v.literal('commandLine')),
  /** Top folder of the git worktree whose servers are meant, in a window on another checkout. */
  worktree: v.optional(v.pipe(v.string(), v.maxLength(1024))),
});

const request = v.pipe(v.number(), v.integer(), v.minValue(0));

const fromClient = v.variant('kind', [
  hello,
  v.object({ kind: v.literal('call'), request, tool: v.picklist(toolNames), input: v.unknown() }),
  v.object({ kind: v.literal('cancel'), request }),
  /** Notify of the growth of a server's log until the connection ends, or until it is not watched any more. */
  v.object({
    kind: v.literal('watchLog'),
    id: v.pipe(v.string(), v.maxLength(maxIdLength)),
    isWatched: v.boolean(),
  }),
  /** Answer at once, as a sign of life. */
  v.object({ kind: v.literal('ping') }),
]);

const fromWindow = v.variant('kind', [
  v.object({ kind: v.literal('welcome') }),
  /** The window closes the connection afterwards. */
  v.object({ kind: v.literal('refused'), text: v.string() }),
  v.object({
    kind: v.literal('answer'),
    request,
    answer: v.object({
      text: v.string(),
      data: v.record(v.string(), v.unknown()),
      failed: v.optional(v.literal(true)),
    }),
  }),
  v.object({ kind: v.literal('pong') }),
  /** Servers were added or removed. */
  v.object({ kind: v.literal('serversChanged') }),
  /** A watched log has grown. */
  v.object({ kind: v.literal('logGrown'), id: v.string() }),
]);

/** A message from an MCP server to a window, one line of JSON. */
export type AgentMessage =
  | v.InferOutput<typeof hello>
  | { readonly kind: 'call'; readonly request: number; readonly tool: ToolName; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly request: number }
  | { readonly kind: 'watchLog'; readonly id: ServerId; readonly isWatched: boolean }
  | { readonly kind: 'ping' };

/** A message from a window to an MCP server. */
export type WindowMessage =
  | { readonly kind: 'welcome' | 'serversChanged' | 'pong' }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'logGrown'; readonly id: ServerId }
  | { readonly kind: 'answer'; readonly request: number; readonly answer: AgentAnswer };

/** Throws an `Error` that names the wrong part. */
export function parseAgentMessage(line: string): AgentMessage {
  const message = parseLine(fromClient, line);
  return message.kind === 'call' ? { ...message, input: message.input } : message;
}

export type ReceivedMessage = v.InferOutput<typeof fromWindow>;

/** Throws an `Error` that names the wrong part. */
export function parseWindowMessage(line: string): ReceivedMessage {
  return parseLine(fromWindow, line);
}

function parseLine<Schema extends v.GenericSchema>(schema: Schema, line: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, JSON.parse(line));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${v.getDotPath(issue) ?? 'message'}: ${issue.message}`);
}
