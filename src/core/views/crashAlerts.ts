import { crashExcerpt } from './crashExcerpt.js';
import { serverTitle } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import { exitText } from './stateText.js';
import type { Translator } from '../common.js';
import { translated, withoutFullStop } from '../text.js';
import type { ServerRecord, Snapshot } from '../registry/snapshot.js';
import { isIdle, isNotStarted, lastEndOf } from '../server/stateQueries.js';

/**
 * Returns the servers that went down between two snapshots and need the user's attention. While a server is restarted
 * automatically, it is not reported, however often it crashes.
 */
export function newCrashes(before: Snapshot, after: Snapshot): ServerRecord[] {
  const previousStates = new Map(before.servers.map(({ definition, state }) => [definition.id, state]));
  return after.servers.filter(({ definition, state }) => {
    const previous = previousStates.get(definition.id);
    return needsAttention(state) && !(previous && isIdle(previous));
  });
}

/**
 * Returns a sentence about the crash, the remark, and the output that says why:
 * `web: dev crashed (exit 1). Error: no such host`
 */
export function crashText({ definition, state }: ServerRecord, l10n: Translator, remark = ''): string {
  const sentence = downSentence(serverTitle(definition), state, l10n);
  const excerpt = crashExcerpt(lastEndOf(state)?.tail ?? []);
  return [sentence, remark, excerpt].filter((part) => part !== '').join(' ');
}

function needsAttention(state: ServerState): boolean {
  // The caller that requested the start gets this failure as its error.
  if (state.kind === 'crashed' && state.crash.kind === 'failure') return !isNotStarted(state.crash);
  const restart = lastEndOf(state)?.restart;
  return restart ? restart.kind === 'givenUp' : state.kind === 'crashed';
}

function downSentence(title: string, state: ServerState, l10n: Translator): string {
  if (state.kind === 'crashed' && state.crash.kind === 'failure')
    return l10n.t('{0} failed: {1}.', title, withoutFullStop(translated(state.crash.message, l10n)));
  const end = lastEndOf(state);
  if (end?.restart?.kind !== 'givenUp')
    return l10n.t('{0} crashed ({1}).', title, exitText(end?.exit ?? { kind: 'unknown' }, l10n));
  return state.kind === 'crashed'
    ? l10n.t('{0} crashed {1} times in a minute and was not restarted again.', title, end.restart.ends)
    : l10n.t('{0} exited {1} times in a minute and was not restarted again.', title, end.restart.ends);
}
