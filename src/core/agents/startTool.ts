import { complaintAtEnd } from '../urlDetection/addressInUse.js';
import type { Outcome } from '../lifecycle/outcome.js';
import { declaredPort } from '../tcpPorts/declaredPort.js';
import { conflictView, type Conflict, type ResolveConflict } from '../tcpPorts/portConflict.js';
import type { ServerDefinition } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import type { AgentCaller, AgentToolDeps } from './context.js';
import { AgentRefusal, failure, omitUndefined, type AgentAnswer } from './answer.js';
import { english } from '../text.js';
import { serverData, serverSummary, problemSummary } from './serverData.js';
import { waitUntilReady, type WaitResult } from './waitUntilReady.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { browserUrl, isIdle, lastEndOf, portConflictOf } from '../server/stateQueries.js';

/** Starts the server unless it runs in this or another window. Returns its URL, or why it is not ready. */
export async function startServer(
  { definition: { id } }: ServerRecord,
  caller: AgentCaller,
  waitMs: number,
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  const before = deps.clock.tick();
  const outcome = await startWithin(id, caller, waitMs, deps);
  if (outcome === 'timeout' && waitMs === 0)
    return stateAnswer(id, 'notAwaited', '', { outcome: 'queued' }, deps);
  if (outcome === 'timeout' || outcome === 'cancelled') return stateAnswer(id, outcome, '', {}, deps);
  const spentMs = deps.clock.tick() - before;
  const leftMs = Math.max(0, waitMs - spentMs);
  return startedAnswer(id, outcome, caller, waitMs === 0 ? undefined : leftMs, deps);
}

/** Starts the server and waits at most `milliseconds` for its dependencies; the start continues after a timeout. */
async function startWithin(
  id: string,
  { origin, signal }: AgentCaller,
  milliseconds: number,
  deps: AgentToolDeps,
): Promise<Outcome | 'timeout' | 'cancelled'> {
  const start = deps.starts
    .start(id, { startedBy: origin, resolveConflict: conflictAnswerer(id, deps) })
    .then((outcome): Outcome => outcome ?? { kind: 'notRunning' });
  const waiting = new AbortController();
  const limits = { milliseconds, signal: AbortSignal.any([signal, waiting.signal]) };
  const first = await Promise.race([
    start,
    waitUntilReady(deps, id, { ...limits, isEnough: (state) => isBlockedByPort(state, deps) }),
  ]).finally(() => waiting.abort());
  if (typeof first !== 'string') return first;
  // A start that has left the queue resolves soon: creating a process takes no time worth limiting.
  if (deps.registry.find(id)?.state.kind !== 'queued') return start;
  start.catch((error: unknown) => deps.log.error(`${id} was not started`, error));
  return first === 'settled' ? 'timeout' : first;
}

/** Returns whether a start waits for a server whose port is in use. That may never change unless the user acts. */
function isBlockedByPort(state: ServerState | undefined, { registry }: AgentToolDeps): boolean {
  if (state?.kind !== 'queued') return false;
  const states = state.waitsFor.map((each) => registry.find(each)?.state);
  return states.some((each) => each?.kind === 'unhealthy' && portConflictOf(each) !== undefined);
}

/**
 * Ends a call with an answer when the start of server `id` meets a conflict: the process that uses the port and what
 * answers there, or the address of the server in the other window. A conflict of a dependency makes the dependency
 * fail.
 */
export function conflictAnswerer(id: string, deps: AgentToolDeps): ResolveConflict {
  return ({ definition, conflict }) => {
    if (definition.id !== id) return Promise.resolve({ kind: 'proceed' });
    if (conflict.kind === 'runsElsewhere') throw new AgentRefusal(reuseAnswer(conflict, deps));
    const facts = portFacts(conflict, deps);
    const text = `${definition.id} was not started. ${facts.text}`;
    throw new AgentRefusal(failure('portInUse', text, omitUndefined({ port: facts.port, url: facts.url })));
  };
}

/** Waits until a started server is ready, or not at all. Returns its URL, its state, or why it is not ready. */
export async function startedAnswer(
  id: string,
  outcome: Outcome,
  { signal }: AgentCaller,
  waitMs: number | undefined,
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  deps.onStarted(id);
  const waited =
    waitMs === undefined ? 'notAwaited' : await waitUntilReady(deps, id, { milliseconds: waitMs, signal });
  const remark =
    outcome.kind === 'alreadyRunning' ? 'It was already running, so nothing was started.' : 'It was started.';
  const state = deps.registry.find(id)?.state;
  const open = state && browserUrl(state);
  const hint = open === undefined ? '' : ` To view it, open ${open}, with browser tools if you have them.`;
  return stateAnswer(id, waited, remark + hint, { outcome: outcome.kind, ...(open && { open }) }, deps);
}

/** Waits until a server is ready, without starting it. Returns its URL, or why it is not ready. */
export async function waitForServer(
  { definition, state }: ServerRecord,
  caller: AgentCaller,
  waitMs: number,
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  const limits = { before: state, milliseconds: waitMs, signal: caller.signal };
  const waited = await waitUntilReady(deps, definition.id, limits);
  return stateAnswer(definition.id, waited, '', {}, deps);
}

/** How a wait ended; `notAwaited` where the caller did not want one. */
type Waited = WaitResult | 'notAwaited';

async function stateAnswer(
  id: string,
  waited: Waited,
  remark: string,
  extraData: { readonly outcome?: string; readonly open?: string },
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  const record = deps.registry.find(id);
  if (!record) return failure('unknownServer', `${id} is no longer in the workspace.`);
  const data = { ...serverData(record, deps.clock.tick()), ...extraData };
  if (waited === 'notAwaited' && isUnderWay(record.state)) {
    return { text: [`${serverSummary(record)}.`, remark, laterText].filter(Boolean).join(' '), data };
  }
  if (record.state.kind === 'ready' || record.state.kind === 'external') {
    return { text: [serverSummary(record), remark].join('. ').trim(), data };
  }
  const conflict = await takenPortConflict(record.definition, record.state, deps);
  const missing = (await deps.workspace.missingIn?.(record.definition)) ?? [];
  const parts = [
    problemSummary(record),
    ...awaitedSummaries(record.state, deps),
    conflict?.text,
    ...missing,
    waitText(waited, record),
  ];
  const text = parts.filter(Boolean).join('\n');
  return {
    text,
    data: { ...data, error: 'notReady', ...omitUndefined({ reuseUrl: conflict?.url }) },
    failed: true,
  };
}

/** Returns a sentence about each server that a start waits for. */
function awaitedSummaries(state: ServerState, { registry }: AgentToolDeps): string[] {
  return (state.kind === 'queued' ? state.waitsFor : [])
    .flatMap((each) => registry.find(each) ?? [])
    .map((each) => `${serverSummary(each)}.`);
}

/** Returns whether the server may become ready without a further call. */
function isUnderWay({ kind }: ServerState): boolean {
  return kind === 'queued' || kind === 'reserved' || kind === 'starting';
}

const laterText = 'To wait until it is ready, call devservers_wait_until_ready.';

function waitText(waited: Waited, { state, definition }: ServerRecord): string {
  if (waited === 'cancelled') return 'The call was cancelled. The server was not changed.';
  if (waited === 'timeout') {
    return 'It is not ready yet. To wait longer, call devservers_wait_until_ready; to see its output, call devservers_get_server_logs.';
  }
  return isIdle(state)
    ? `It is not running. To see more of its output, call devservers_get_server_logs with the id ${JSON.stringify(definition.id)}.`
    : '';
}

interface ConflictFacts {
  readonly text: string;
  readonly port: number;
  readonly url: string | undefined;
}

async function takenPortConflict(
  definition: ServerDefinition,
  state: ServerState,
  deps: AgentToolDeps,
): Promise<ConflictFacts | undefined> {
  const complaint = portConflictOf(state) ?? complaintAtEnd(lastEndOf(state));
  const port = complaint && (complaint.port ?? declaredPort(definition));
  if (port === undefined) return undefined;
  const use = await deps.inspector.inspectPort(port);
  return use.kind === 'free' ? undefined : portFacts({ kind: 'portHeld', port, use }, deps);
}

/** Returns which process uses the port, and the URL at which it answers. */
function portFacts(conflict: Extract<Conflict, { kind: 'portHeld' }>, deps: AgentToolDeps): ConflictFacts {
  const { text, url } = conflictView(conflict, viewFacts(deps));
  return {
    text:
      url === undefined
        ? text
        : `${text} It responds at ${url}. If that is the server that you need, use it.`,
    port: conflict.port,
    url,
  };
}

/** Returns the URL of the server in another window. The agent can use it, so the call has not failed. */
function reuseAnswer(
  conflict: Extract<Conflict, { kind: 'runsElsewhere' }>,
  deps: AgentToolDeps,
): AgentAnswer {
  const { text, url } = conflictView(conflict, viewFacts(deps));
  const advice = url === undefined ? 'Its URL is not known yet.' : 'Use that one.';
  return {
    text: `${text} Nothing was started. ${advice}`,
    data: omitUndefined({
      id: conflict.definition.id,
      outcome: 'runsInAnotherWindow',
      url,
      pid: conflict.run.pid,
    }),
  };
}

function viewFacts({ registry, clock }: AgentToolDeps): Parameters<typeof conflictView>[1] {
  return { servers: registry.current.servers, now: clock.now(), l10n: english };
}
