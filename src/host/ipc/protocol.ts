import * as v from 'valibot';
import type {
  InheritedEnvironment,
  RunFacts,
  ShownAbove,
  StartRequest,
  StopReport,
  StopRequest,
} from '../../core/lifecycle/processHost.js';
import { maxReadyTimeout, type ReadyRule } from '../../core/readiness/readyRule.js';
import { shellEnvironmentModes } from '../../core/commandLine/shellEnvironment.js';
import type { RecordedServer } from '../../core/server/identity.js';
import { maxHoldMs } from '../../core/lifecycle/hold.js';
import type { Orphan } from '../../core/server/otherWindows.js';
import {
  command,
  count,
  identity,
  listOf,
  log,
  pid,
  port,
  request,
  runId,
  size,
  stopPlan,
  text,
  type EntriesFor,
} from './fields.js';
import { portUse } from './portUseSchema.js';
import { hostEvent, survivors } from './processEventSchema.js';

/**
 * Version of the messages and of what they contain, the saved texts included. A window takes over only process hosts of
 * its own version, so increase it with every change that an earlier version would misunderstand.
 */
export const protocolVersion = 1;

/**
 * The messages between the extension host and the process host. Both sides check what they receive: a message of another
 * version, or a damaged one, must cause a clear error and not a signal to a wrong process.
 */

const ready = v.object({
  http: v.undefinedable(v.string()),
  tcp: v.boolean(),
  port: v.undefinedable(port),
  log: v.undefinedable(v.string()),
  timeoutMs: v.pipe(v.number(), v.minValue(0), v.maxValue(maxReadyTimeout * 1000)),
} satisfies EntriesFor<ReadyRule>);

const environment = v.object({
  terminal: v.record(v.string(), v.nullable(v.string())),
  shell: v.picklist(shellEnvironmentModes),
  terminalFolder: v.exactOptional(v.string()),
} satisfies EntriesFor<InheritedEnvironment>);

const startRequest = v.object({
  runId,
  serverId: v.string(),
  folder: v.exactOptional(v.string()),
  command,
  cwd: v.pipe(v.string(), v.minLength(1)),
  env: v.record(v.string(), v.string()),
  envFiles: v.exactOptional(listOf(v.string())),
  environment: v.exactOptional(environment),
  port: v.undefinedable(port),
  ready,
  stop: v.exactOptional(stopPlan),
} satisfies EntriesFor<StartRequest>);

const orphan = v.object({
  runId,
  serverId: v.string(),
  folder: v.optional(v.string()),
  cwd: v.string(),
  process: identity,
  leader: v.optional(identity),
  members: v.optional(listOf(v.pick(identity, ['pid', 'startTime']))),
  stop: v.optional(stopPlan),
  url: v.undefinedable(v.string()),
  hostPid: pid,
} satisfies EntriesFor<Orphan>);

const recordedServer = v.object({
  serverId: v.string(),
  folder: v.exactOptional(v.string()),
  cwd: v.string(),
} satisfies EntriesFor<RecordedServer>);

const stopRequest = v.object({
  runId,
  ...stopPlan.entries,
} satisfies EntriesFor<StopRequest>);

const above = v.object({ runId, notes: v.string() } satisfies EntriesFor<ShownAbove>);

const clientMessage = v.variant('kind', [
  /** The variables of the editor from now on, for the servers that start. */
  v.object({ kind: v.literal('environment'), variables: v.record(v.string(), v.string()) }),
  /** `logBytes` is the largest size of the server's log. */
  v.object({ kind: v.literal('start'), request, start: startRequest, logBytes: count }),
  /** Gives the start of this run up, unless its process exists. */
  v.object({ kind: v.literal('cancelStart'), runId }),
  v.object({ kind: v.literal('stop'), request, stop: stopRequest }),
  v.object({ kind: v.literal('adopt'), request, orphan }),
  /** Asks for the processes that listen on the port. */
  v.object({ kind: v.literal('inspectPort'), request, port }),
  /** Ends the process that listens on the port, if it still is this one. */
  v.object({ kind: v.literal('endHolder'), request, port, process: identity }),
  /** Ends the run of this server that another window has on record. */
  v.object({ kind: v.literal('takeOver'), request, server: recordedServer }),
  /**
   * A terminal shows the run: send the buffered output, preceded by the text that terminals have shown above it, unless
   * this one already shows that.
   */
  v.object({ kind: v.literal('attach'), runId, columns: size, rows: size, above: v.exactOptional(above) }),
  v.object({ kind: v.literal('detach'), runId }),
  v.object({ kind: v.literal('input'), runId, data: v.string() }),
  v.object({ kind: v.literal('resize'), runId, columns: size, rows: size }),
  /** The terminal has shown this many UTF-16 units of `output`. */
  v.object({ kind: v.literal('acknowledge'), runId, units: count }),
  /** The output of this ended run is not needed any more. */
  v.object({ kind: v.literal('forget'), runId }),
  /** Answer when all output of the servers has been written to their logs. */
  v.object({ kind: v.literal('flushLogs'), request }),
  v.object({ kind: v.literal('clearLog'), request, log }),
  v.object({ kind: v.literal('watchLog'), log, isWatched: v.boolean() }),
  /** Answer at once, as a sign of life. */
  v.object({ kind: v.literal('ping'), request }),
  /** Answer when the start of this run is no longer under way. */
  v.object({ kind: v.literal('join'), request, runId }),
  /** How long to hold the servers when the window is gone, milliseconds, and the workspace whose next window gets them. */
  v.object({
    kind: v.literal('hold'),
    holdMs: v.pipe(v.number(), v.minValue(0), v.maxValue(maxHoldMs)),
    workspace: listOf(v.string()),
  }),
  /** A text for the next window, or its removal. With `isReason` it is a reason to hold, though no server runs. */
  v.object({
    kind: v.literal('save'),
    key: v.string(),
    value: v.undefinedable(v.string()),
    isReason: v.boolean(),
  }),
  /** The window leaves its servers to the next one. Answer when the record says so. */
  v.object({ kind: v.literal('release'), request }),
  /** First message of a window that takes the servers over; `pid` is that of its extension host. */
  v.object({ kind: v.literal('connect'), request, protocol: v.number(), token: v.string(), pid }),
]);

const stopReport = {
  forced: v.boolean(),
  survivors,
  busyPorts: listOf(v.number()),
} satisfies EntriesFor<StopReport>;

const runFacts = v.object({
  runId,
  ageMs: v.number(),
  events: listOf(hostEvent),
} satisfies EntriesFor<RunFacts>);

const savedText = v.object({ key: v.string(), value: v.string() });

const answer = v.variant('kind', [
  v.object({ kind: v.literal('stopped'), ...stopReport }),
  v.object({ kind: v.literal('portUse'), use: portUse }),
  v.object({ kind: v.literal('connected'), runs: listOf(runFacts), saved: listOf(savedText) }),
  /** Wall clock, milliseconds since 1970, for display; `undefined` if there is nothing to hold. */
  v.object({ kind: v.literal('released'), heldUntil: v.undefinedable(v.number()) }),
]);

const hostMessage = v.variant('kind', [
  v.object({ kind: v.literal('done'), request, answer: v.undefinedable(answer) }),
  v.object({ kind: v.literal('refused'), request, reason: v.string(), text }),
  v.object({ kind: v.literal('event'), event: hostEvent }),
  /** `skippedBytes` of output before `data` are left out. */
  v.object({ kind: v.literal('output'), runId, data: v.string(), skippedBytes: count }),
  /** A watched log has grown. */
  v.object({ kind: v.literal('logGrown'), log }),
]);

/** A message from the extension host to the process host. */
export type ClientMessage = v.InferOutput<typeof clientMessage>;

/** An event of a run. */
export type HostEvent = v.InferOutput<typeof hostEvent>;

/** The answer to a request that has a result. */
export type HostAnswer = v.InferOutput<typeof answer>;

/** A message from the process host to the extension host. */
export type HostMessage = v.InferOutput<typeof hostMessage>;

/** Throws an `Error` that names the wrong part of the message. */
export function parseClientMessage(value: unknown): ClientMessage {
  return parse(clientMessage, value);
}

/** Throws an `Error` that names the wrong part of the message. */
export function parseHostMessage(value: unknown): HostMessage {
  return parse(hostMessage, value);
}

function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`Bad message at ${v.getDotPath(issue) ?? 'its root'}: ${issue.message}`);
}
