import { conflictText } from './readinessText.js';
import { serverTitle } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import type { ReadinessProblem } from '../readiness/endpoint.js';
import type { Translator } from '../common.js';
import type { ServerRecord, Snapshot } from '../registry/snapshot.js';
import { endpointOf, portConflictOf } from '../server/stateQueries.js';

/**
 * Returns the running servers that got a problem between two snapshots: not ready in time, a port conflict, also of a part
 * of them, or a port that another program uses too. A server that stops answering for a while is shown in views, but not reported.
 */
export function newHealthProblems(before: Snapshot, after: Snapshot): ServerRecord[] {
  const previous = new Map(
    before.servers.map(({ definition, state }) => [definition.id, findHealthProblem(state)]),
  );
  return after.servers.filter(({ definition, state }) => {
    const problem = findHealthProblem(state);
    return problem !== undefined && problem !== previous.get(definition.id);
  });
}

/** Returns a sentence about the problem: `web: dev is not ready after 60 s.` */
export function healthText({ definition, state }: ServerRecord, l10n: Translator): string {
  const title = serverTitle(definition);
  if (state.kind === 'unhealthy') return problemSentence(title, state.problem, l10n);
  const { url: address = '', isShared, conflict } = endpointOf(state) ?? {};
  if (conflict) return l10n.t('{0} is ready, but {1}.', title, conflictText(conflict, l10n));
  if (isShared)
    return l10n.t(
      'Another program shares the port of {0}. Requests to {1} reach one or the other.',
      title,
      address,
    );
  return l10n.t('Another program uses the same port as {0}. Use {1} to reach this server.', title, address);
}

function problemSentence(title: string, problem: ReadinessProblem, l10n: Translator): string {
  switch (problem.kind) {
    case 'timeout':
      return l10n.t('{0} is not ready after {1} s.', title, problem.seconds);
    case 'slowPattern':
      return l10n.t('{0} is not ready: the regular expression {1} takes too long.', title, problem.pattern);
    case 'silent':
      return l10n.t('{0} is not answering.', title);
    case 'conflict':
      return l10n.t('{0} cannot be reached: {1}.', title, conflictText(problem, l10n));
  }
}

type HealthProblem = Exclude<ReadinessProblem['kind'], 'silent'> | 'contested';

function findHealthProblem(state: ServerState): HealthProblem | undefined {
  if (state.kind === 'unhealthy') return state.problem.kind === 'silent' ? undefined : state.problem.kind;
  if (portConflictOf(state)) return 'conflict';
  return endpointOf(state)?.contested === true ? 'contested' : undefined;
}
