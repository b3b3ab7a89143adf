import * as v from 'valibot';
import type {
  ProcessEvent,
  StartRequest,
  StopReport,
  StopRequest,
} from '../../core/lifecycle/processHost.js';
import { maxReadyTimeout } from '../../core/readiness/readyRule.js';
import type { PortUse } from '../../core/tcpPorts/portUse.js';
import type { ProcessIdentity, RunId } from '../../core/server/state.js';
import { shellEnvironmentModes } from '../../core/commandLine/shellEnvironment.js';
import { portUse } from './portUseSchema.js';
import type { Orphan } from '../../core/server/otherWindows.js';
import { stopSignals } from '../../core/server/overrides.js';
import { runId, request, size, pid, log, port, count, command } from './fields.js';

/**
 * The messages between the extension host and the process host. Both sides check what they receive: a message of another
 * version, or a damaged one, must end in a clear error and not in a signal to a wrong process.
 */

const start = v.object({
  kind: v.literal('start'),
  request,
  start: v.object({
    runId,
    serverId: v.string(),
    folder: v.exactOptional(v.string()),
    command,
    cwd: v.pipe(v.string(), v.minLength(1)),
    env: v.record(v.string(), v.string()),
    envFiles: v.exactOptional(v.array(v.string())),
    environment: v.exactOptional(
      v.object({
        terminal: v.record(v.string(), v.nullable(v.string())),
        shell: v.picklist(shellEnvironmentModes),
      }),
    ),
    port: v.undefinedable(port),
    ready: v.object({
      http: v.undefinedable(v.string()),
      tcp: v.boolean(),
      port: v.undefinedable(port),
      log: v.undefinedable(v.string()),
      timeoutMs: v.pipe(v.number(), v.minValue(0), v.maxValue(maxReadyTimeout * 1000)),
    }),
  }),
  logBytes: count,
});

const identity = v.object({ pid, startTime: v.string(), bootId: v.string() });

const adopt = v.object({
  kind: v.literal('adopt'),
  request,
  orphan: v.object({
    runId,
    serverId: v.string(),
    folder: v.optional(v.string()),
    cwd: v.string(),
    process: identity,
    url: v.undefinedable(v.string()),
    hostPid: pid,
  }),
});

const stop = v.object({
  kind: v.literal('stop'),
  request,
  stop: v.object({
    runId,
    signal: v.picklist(stopSignals),
    graceMs: v.pipe(v.number(), v.minValue(0), v.maxValue(600_000)),
  }),
});

const clientMessage = v.variant('kind', [
  start,
  stop,
  adopt,
  v.object({ kind: v.literal('inspectPort'), request, port }),
  v.object({ kind: v.literal('endHolder'), request, port, process: identity }),
  v.object({ kind: v.literal('attach'), runId, columns: size, rows: size }),
  v.object({ kind: v.literal('detach'), runId }),
  v.object({ kind: v.literal('input'), runId, data: v.string() }),
  v.object({ kind: v.literal('resize'), runId, columns: size, rows: size }),
  v.object({ kind: v.literal('acknowledge'), runId, units: count }),
  v.object({ kind: v.literal('forget'), runId }),
  v.object({ kind: v.literal('flushLogs'), request }),
  v.object({ kind: v.literal('watchLog'), log, isWatched: v.boolean() }),
]);

const survivors = v.array(v.object({ pid, command: v.string() }));

/** What a request is answered with, where there is something to say beyond that it is done. */
const answer = v.variant('kind', [
  v.object({ kind: v.literal('stopped'), forced: v.boolean(), survivors, busyPorts: v.array(v.number()) }),
  v.object({ kind: v.literal('portUse'), use: portUse }),
]);

const exit = v.variant('kind', [
  v.object({ kind: v.literal('unknown') }),
  v.object({ kind: v.literal('code'), code: v.number() }),
  v.object({ kind: v.literal('signal'), signal: v.string() }),
]);

const endpoint = v.object({
  url: v.pipe(v.string(), v.url()),
  listener: v.picklist(['own', 'published', 'unknown']),
  pid: v.undefinedable(pid),
  contested: v.boolean(),
});

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

const attempts = v.array(v.object({ target: v.string(), outcome }));

const problem = v.variant('kind', [
  v.object({ kind: v.literal('timeout'), seconds: v.number(), attempts }),
  v.object({ kind: v.literal('silent'), attempts }),
  v.object({
    kind: v.literal('conflict'),
    port,
    holder: v.undefinedable(v.object({ pid: v.number(), name: v.string() })),
  }),
]);

const processEvent = v.variant('kind', [
  v.object({
    kind: v.literal('spawned'),
    runId,
    process: identity,
  }),
  v.object({ kind: v.literal('ready'), runId, endpoint: v.undefinedable(endpoint) }),
  v.object({ kind: v.literal('unhealthy'), runId, problem, endpoint: v.undefinedable(endpoint) }),
  v.object({
    kind: v.literal('ended'),
    runId,
    exit,
    interrupted: v.boolean(),
    tail: v.array(v.string()),
    survivors,
  }),
]);

const hostMessage = v.variant('kind', [
  v.object({ kind: v.literal('done'), request, answer: v.undefinedable(answer) }),
  v.object({ kind: v.literal('refused'), request, reason: v.string(), message: v.string() }),
  v.object({ kind: v.literal('event'), event: processEvent }),
  v.object({ kind: v.literal('output'), runId, data: v.string(), skippedBytes: count }),
  v.object({ kind: v.literal('logGrown'), log }),
]);

/** From the extension host to the process host. */
export type ClientMessage =
  /** `logBytes` is the size that the server's log may have. */
  | {
      readonly kind: 'start';
      readonly request: number;
      readonly start: StartRequest;
      readonly logBytes: number;
    }
  | { readonly kind: 'stop'; readonly request: number; readonly stop: StopRequest }
  | { readonly kind: 'adopt'; readonly request: number; readonly orphan: Orphan }
  /** Who listens on this port? */
  | { readonly kind: 'inspectPort'; readonly request: number; readonly port: number }
  /** Nobody shall hold this port any more, which this very process does. */
  | {
      readonly kind: 'endHolder';
      readonly request: number;
      readonly port: number;
      readonly process: ProcessIdentity;
    }
  /** Somebody looks at the run now: send what the ring holds, then everything new. */
  | { readonly kind: 'attach'; readonly runId: RunId; readonly columns: number; readonly rows: number }
  | { readonly kind: 'detach'; readonly runId: RunId }
  | { readonly kind: 'input'; readonly runId: RunId; readonly data: string }
  | { readonly kind: 'resize'; readonly runId: RunId; readonly columns: number; readonly rows: number }
  /** So many UTF-16 units of `output` have been shown. */
  | { readonly kind: 'acknowledge'; readonly runId: RunId; readonly units: number }
  /** Nobody will ask for the output of this ended run any more. */
  | { readonly kind: 'forget'; readonly runId: RunId }
  /** Answer when everything that servers have written stands in their logs. */
  | { readonly kind: 'flushLogs'; readonly request: number }
  | { readonly kind: 'watchLog'; readonly log: string; readonly isWatched: boolean };

/** What the process host answers to a request. */
export type HostAnswer =
  ({ readonly kind: 'stopped' } & StopReport) | { readonly kind: 'portUse'; readonly use: PortUse };

/** From the process host to the extension host. */
export type HostMessage =
  | { readonly kind: 'done'; readonly request: number; readonly answer: HostAnswer | undefined }
  | { readonly kind: 'refused'; readonly request: number; readonly reason: string; readonly message: string }
  | { readonly kind: 'event'; readonly event: HostEvent }
  /** So many bytes before `data` are left out. */
  | {
      readonly kind: 'output';
      readonly runId: RunId;
      readonly data: string;
      readonly skippedBytes: number;
    }
  /** A log that is watched. */
  | { readonly kind: 'logGrown'; readonly log: string };

/** What the process host may tell about runs; that it is gone, only its client can tell. */
export type HostEvent = Exclude<ProcessEvent, { kind: 'hostLost' }>;

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
