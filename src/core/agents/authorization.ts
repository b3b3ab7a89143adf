import { ServerError } from '../server/errors.js';
import { firstOrigin } from '../server/origin.js';
import { type ServerState } from '../server/state.js';
import type { AgentCaller, AgentToolDeps } from './context.js';
import { AgentRefusal, failure, throwIfCancelled } from './answer.js';
import { decisionText } from './agreement.js';
import { findServer } from './findServer.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { isStoppable, runIdOf, startedBy } from '../server/stateQueries.js';

/** Maximum number of attempts in one call, since the server may be started again each time. */
const maxAttempts = 3;

/**
 * Runs an operation that stops a server. Asks the user first unless the caller started the server. The operation checks
 * the permission again with `canStop` when its turn comes, since the user may have started the server again in the
 * meantime. Rejects with an `AgentRefusal` if the user does not allow it.
 */
export async function withPermission<Result>(
  kind: 'stop' | 'restart',
  id: string,
  caller: AgentCaller,
  deps: Pick<AgentToolDeps, 'registry' | 'permissions'>,
  operation: (canStop: (state: ServerState) => boolean) => Promise<Result>,
): Promise<Result> {
  let allowed: ServerState | undefined;
  const canStop = (state: ServerState): boolean =>
    !isStoppable(state) ||
    caller.isTrusted === true ||
    isStartedByCaller(state, caller) ||
    (allowed !== undefined && isSameRun(allowed, state));
  for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
    const record = findServer(deps.registry, id);
    if (!canStop(record.state)) allowed = await confirm(kind, record, caller, deps);
    try {
      return await operation(canStop);
    } catch (error) {
      if (!(error instanceof ServerError) || error.reason !== 'notAllowed') throw error;
    }
  }
  throw new AgentRefusal(failure('notAllowed', `Other callers keep starting ${id}.`));
}

function isStartedByCaller(state: ServerState, { origin }: AgentCaller): boolean {
  const first = firstOrigin(startedBy(state));
  return first.kind === 'agent' && first.caller === origin.caller;
}

/**
 * Returns whether the permission for one state also applies to another. A server between runs has no run id to compare.
 */
function isSameRun(one: ServerState, other: ServerState): boolean {
  return one === other || (runIdOf(one) !== undefined && runIdOf(one) === runIdOf(other));
}

/** Asks the user. Returns the state in which the server may be stopped; rejects with an `AgentRefusal`. */
async function confirm(
  kind: 'stop' | 'restart',
  server: ServerRecord,
  { origin, signal }: AgentCaller,
  { permissions }: Pick<AgentToolDeps, 'permissions'>,
): Promise<ServerState> {
  const answer = await permissions.confirm({ kind, caller: origin, server });
  throwIfCancelled(signal);
  if (answer === 'accepted') return server.state;
  const done = kind === 'stop' ? 'stopped' : 'restarted';
  const text = `${server.definition.id} was not ${done}: it was not started by ${origin.name}, so ${decisionText(answer)}`;
  throw new AgentRefusal(failure('notAllowed', text, { answer }));
}
