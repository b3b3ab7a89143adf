import { ServerError } from '../server/errors.js';
import { firstOrigin } from '../server/origin.js';
import { type ServerState } from '../server/state.js';
import type { AgentCaller, AgentToolDeps } from './context.js';
import { AgentRefusal, failure, throwIfCancelled } from './answer.js';
import { findServer } from './findServer.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { isStoppable, runIdOf, startedBy } from '../server/stateQueries.js';

/** After so many changes under its hands a call gives up. */
const maxQuestions = 3;

/**
 * Does something to a server that ends what runs, when that is the caller's own, or as soon as a person allows it. Whose
 * it is, is looked at again when it is the operation's turn: in between, the person may have started it anew.
 */
export async function withPermission<Result>(
  kind: 'stop' | 'restart',
  id: string,
  caller: AgentCaller,
  deps: Pick<AgentToolDeps, 'registry' | 'permissions'>,
  operation: (mayEnd: (state: ServerState) => boolean) => Promise<Result>,
): Promise<Result> {
  let allowed: ServerState | undefined;
  const mayEnd = (state: ServerState): boolean =>
    !isStoppable(state) ||
    caller.isTrusted === true ||
    isOwn(state, caller) ||
    (allowed !== undefined && isSame(allowed, state));
  for (let left = maxQuestions; left > 0; left -= 1) {
    const record = findServer(deps.registry, id);
    if (!mayEnd(record.state)) allowed = await askFor(kind, record, caller, deps);
    try {
      return await operation(mayEnd);
    } catch (error) {
      if (!(error instanceof ServerError) || error.reason !== 'notAllowed') throw error;
    }
  }
  throw new AgentRefusal(failure('notAllowed', `${id} was started by somebody else again and again.`));
}

function isOwn(state: ServerState, { origin }: AgentCaller): boolean {
  const first = firstOrigin(startedBy(state));
  return first.kind === 'agent' && first.name === origin.name;
}

/** Another state of one run is the same to the one who was asked; what has no run waits for its restart. */
function isSame(one: ServerState, other: ServerState): boolean {
  return one === other || (runIdOf(one) !== undefined && runIdOf(one) === runIdOf(other));
}

/** Returns the state that may be ended. */
async function askFor(
  kind: 'stop' | 'restart',
  server: ServerRecord,
  { origin, signal }: AgentCaller,
  { permissions }: Pick<AgentToolDeps, 'permissions'>,
): Promise<ServerState> {
  const answer = await permissions.confirm({ kind, agent: origin.name, server });
  throwIfCancelled(signal);
  if (answer === 'accepted') return server.state;
  const what = kind === 'stop' ? 'stopped' : 'restarted';
  const why = answer === 'refused' ? 'The user refused it.' : 'The user did not answer in time.';
  const text = `${server.definition.id} was not ${what}: it was not started by ${origin.name}, so the user was asked. ${why}`;
  throw new AgentRefusal(failure('notAllowed', text, { answer }));
}
