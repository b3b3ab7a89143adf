import { addressInUse } from '../tcpPorts/addressInUse.js';
import { ServerError } from '../server/errors.js';
import type { Outcome } from '../lifecycle/outcome.js';
import { declaredPort } from '../tcpPorts/declaredPort.js';
import { conflictView, type Conflict } from '../tcpPorts/portConflict.js';
import type { ServerDefinition } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import type { AgentCaller, AgentToolDeps } from './context.js';
import { AgentRefusal, failure, omitUndefined, type AgentAnswer } from './answer.js';
import { english } from './english.js';
import { serverData, serverSummary, problemSummary } from './serverData.js';
import { waitUntilReady, type WaitResult } from './waitUntilReady.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { isIdle, lastEndOf } from '../server/stateQueries.js';

/** Starts the server unless it runs, here or in another window, and tells where it answers or why it does not. */
export async function startServer(
  { definition, state }: ServerRecord,
  caller: AgentCaller,
  waitMs: number,
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  const { id } = definition;
  if (isIdle(state)) {
    const run = await deps.otherWindows.find(definition);
    if (run) return reuseAnswer({ kind: 'runsElsewhere', definition, run }, deps);
  }
  const before = deps.clock.tick();
  const outcome = await withConflictAnswer(definition, deps, () => beginStart(id, caller, waitMs, deps));
  if (outcome === 'timeout' || outcome === 'cancelled') return stateAnswer(id, outcome, '', {}, deps);
  const spentMs = deps.clock.tick() - before;
  return startedAnswer(id, outcome, caller, Math.max(0, waitMs - spentMs), deps);
}

/** Waits no longer for what the server depends on than for the server; the start goes on when that time is over. */
async function beginStart(
  id: string,
  { origin, signal }: AgentCaller,
  milliseconds: number,
  deps: AgentToolDeps,
): Promise<Outcome | 'timeout' | 'cancelled'> {
  const start = deps.starts
    .start(id, { startedBy: origin })
    .then((outcome): Outcome => outcome ?? { kind: 'notRunning' });
  const waiting = new AbortController();
  const limits = { milliseconds, signal: AbortSignal.any([signal, waiting.signal]) };
  const first = await Promise.race([
    start,
    waitUntilReady(deps, id, { ...limits, isEnough: () => false }),
  ]).finally(() => waiting.abort());
  if (typeof first !== 'string') return first;
  // A process that is being made is there at once.
  if (first === 'settled' || deps.registry.find(id)?.state.kind !== 'queued') return start;
  start.catch((error: unknown) => deps.log.error(`${id} was not started`, error));
  return first;
}

/** Runs what starts a server. A port that is taken becomes an `AgentRefusal` that says by whom, and what answers there. */
export async function withConflictAnswer<Result>(
  definition: ServerDefinition,
  deps: AgentToolDeps,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (!(error instanceof ServerError) || error.reason !== 'portInUse') throw error;
    const conflict = await portConflict(declaredPort(definition), deps);
    if (!conflict) throw error;
    throw new AgentRefusal(conflictAnswer(`${definition.id} was not started. ${conflict.text}`, conflict));
  }
}

/** Waits until a started server is ready. Returns its URL, or why it is not ready. */
export async function startedAnswer(
  id: string,
  outcome: Outcome,
  caller: AgentCaller,
  waitMs: number,
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  deps.onStarted(id);
  const waited = await waitUntilReady(deps, id, { milliseconds: waitMs, signal: caller.signal });
  const remark =
    outcome.kind === 'alreadyRunning' ? 'It was already running, so nothing was started.' : 'It was started.';
  return stateAnswer(id, waited, remark, { outcome: outcome.kind }, deps);
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

async function stateAnswer(
  id: string,
  waited: WaitResult,
  remark: string,
  extraData: { readonly outcome?: string },
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  const record = deps.registry.find(id);
  if (!record) return failure('unknownServer', `${id} is not in the workspace any more.`);
  const data = { ...serverData(record, deps.clock.tick()), ...extraData };
  if (record.state.kind === 'ready' || record.state.kind === 'external') {
    return { text: [serverSummary(record), remark].join('. ').trim(), data };
  }
  const conflict = await crashConflict(record.definition, record.state, deps);
  const text = [problemSummary(record), conflict?.text, waitText(waited, record)].filter(Boolean).join('\n');
  return {
    text,
    data: { ...data, error: 'notReady', ...omitUndefined({ reuseUrl: conflict?.url }) },
    failed: true,
  };
}

function waitText(waited: WaitResult, { state, definition }: ServerRecord): string {
  if (waited === 'cancelled') return 'The call was cancelled; the server was left as it is.';
  if (waited === 'timeout') {
    return 'It is not ready yet. devservers_wait_until_ready waits longer; devservers_get_server_logs shows what it does.';
  }
  return isIdle(state)
    ? `It does not run. devservers_get_server_logs with the id ${JSON.stringify(definition.id)} shows more of its output.`
    : '';
}

interface ConflictFacts {
  readonly text: string;
  readonly port: number;
  readonly url: string | undefined;
}

async function crashConflict(
  definition: ServerDefinition,
  state: ServerState,
  deps: AgentToolDeps,
): Promise<ConflictFacts | undefined> {
  const report = addressInUse(lastEndOf(state)?.tail ?? []);
  return report && portConflict(report.port ?? declaredPort(definition), deps);
}

/** Returns which process uses the port, and the URL at which it answers; `undefined` if the port is free. */
async function portConflict(
  port: number | undefined,
  deps: AgentToolDeps,
): Promise<ConflictFacts | undefined> {
  if (port === undefined) return undefined;
  const use = await deps.inspector.inspectPort(port);
  if (use.kind === 'free') return undefined;
  const { text, url } = conflictView({ kind: 'portHeld', port, use }, viewFacts(deps));
  return {
    text: url === undefined ? text : `${text} It answers at ${url}: if that is what you need, use it.`,
    port,
    url,
  };
}

function conflictAnswer(text: string, { port, url }: ConflictFacts): AgentAnswer {
  return failure('portInUse', text, omitUndefined({ port, url }));
}

/** Returns the URL of the server in another window. The agent can use it, so the call has not failed. */
function reuseAnswer(
  conflict: Extract<Conflict, { kind: 'runsElsewhere' }>,
  deps: AgentToolDeps,
): AgentAnswer {
  const { text, url } = conflictView(conflict, viewFacts(deps));
  const advice = url === undefined ? 'Its address is not known yet.' : 'Use that one.';
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
