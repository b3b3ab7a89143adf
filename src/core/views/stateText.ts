import { readinessProblemText } from './readinessText.js';
import { type Crash, type ExitStatus, type RunEnd, type ServerState } from '../server/state.js';
import type { Translator } from '../common.js';
import { translated, withoutFullStop } from '../text.js';
import { shortId, type ServerId } from '../server/identity.js';
import { isNotStarted, lastEndOf } from '../server/stateQueries.js';

/** Returns the title of a server by its id. */
export type TitleOf = (id: ServerId) => string;

/** Returns text such as `crashed (exit 1)` or `ready`; empty for a server without an earlier run. */
export function stateText(state: ServerState, l10n: Translator, titleOf: TitleOf = shortId): string {
  switch (state.kind) {
    case 'stopped':
      return state.lastEnd ? endText(state.lastEnd, l10n) : '';
    case 'queued':
      return waitingText(state.waitsFor, titleOf, l10n);
    case 'reserved':
    case 'starting':
      return l10n.t('starting…');
    case 'ready':
      return l10n.t('ready');
    case 'external':
      return l10n.t('adopted');
    case 'unhealthy':
      return readinessProblemText(state.problem, l10n);
    case 'stopping':
      return l10n.t('stopping…');
    case 'stopFailed':
      return l10n.t('could not be stopped: {0} still running', state.survivors.length);
    case 'crashed':
      return crashReasonText(state.crash, l10n);
  }
}

/** Returns text such as `gave up after 5 crashes`; `undefined` unless automatic restarts were given up. */
export function givenUpText(state: ServerState, l10n: Translator): string | undefined {
  const restart = lastEndOf(state)?.restart;
  if (restart?.kind !== 'givenUp') return undefined;
  return state.kind === 'crashed'
    ? l10n.t('gave up after {0} crashes', restart.ends)
    : l10n.t('gave up after {0} exits', restart.ends);
}

/** Names only the first of several servers, since a row is short. */
function waitingText(ids: readonly ServerId[], titleOf: TitleOf, l10n: Translator): string {
  const [first, ...others] = ids.map(titleOf);
  if (first === undefined) return l10n.t('starting…');
  return others.length === 0
    ? l10n.t('waiting for {0}', first)
    : l10n.t('waiting for {0} and {1} more', first, others.length);
}

function crashReasonText(crash: Crash, l10n: Translator): string {
  if (crash.kind === 'failure' && isNotStarted(crash))
    return l10n.t('not started: {0}', withoutFullStop(translated(crash.message, l10n)));
  if (crash.kind === 'failure')
    return l10n.t('failed: {0}', withoutFullStop(translated(crash.message, l10n)));
  return l10n.t('crashed ({0})', exitText(crash.exit, l10n));
}

function endText(end: RunEnd, l10n: Translator): string {
  return end.interrupted ? l10n.t('stopped') : l10n.t('ended ({0})', exitText(end.exit, l10n));
}

/** Returns text such as `exit 1` or `SIGKILL`. */
export function exitText(exit: ExitStatus, l10n: Translator): string {
  switch (exit.kind) {
    case 'code':
      return l10n.t('exit {0}', exit.code);
    case 'signal':
      return exit.signal;
    case 'unknown':
      return l10n.t('exit code unknown');
  }
}
