import { readinessProblemText } from './readinessText.js';
import { serverTitle } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import type { Translator } from '../common.js';
import type { ServerRecord, Snapshot } from '../registry/snapshot.js';
import { endpointOf } from '../server/stateQueries.js';

/**
 * The servers that got into trouble between two snapshots though they run: not ready in time, in conflict over a port, or
 * at a port that somebody else uses too. One that falls silent for a while is shown, but is no news.
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

/** The news as a sentence: `web: dev is not ready after 60 s.` */
export function healthText({ definition, state }: ServerRecord, l10n: Translator): string {
  const title = serverTitle(definition);
  if (state.kind === 'unhealthy' && state.problem.kind === 'conflict') {
    return l10n.t('{0} cannot be reached: {1}.', title, readinessProblemText(state.problem, l10n));
  }
  if (state.kind === 'unhealthy')
    return l10n.t('{0} is {1}.', title, readinessProblemText(state.problem, l10n));
  const address = endpointOf(state)?.url ?? '';
  return l10n.t('Another program uses the port of {0} too. Only {1} leads to this server.', title, address);
}

type HealthProblem = 'timeout' | 'conflict' | 'contested';

function findHealthProblem(state: ServerState): HealthProblem | undefined {
  if (state.kind === 'unhealthy') return state.problem.kind === 'silent' ? undefined : state.problem.kind;
  return endpointOf(state)?.contested === true ? 'contested' : undefined;
}
