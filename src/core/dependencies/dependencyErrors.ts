import type { PlanFault } from '../registry/dependencyGraph.js';
import { ServerError, type FailureReason } from '../server/errors.js';
import { healthText } from '../views/healthAlerts.js';
import { stateText } from '../views/stateText.js';
import type { Translator } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';

/** How servers are called, by their ids. */
export type TitleOf = (id: string) => string;

/** Why a plan has no beginning: `web → api → web`. */
export function planError(fault: PlanFault, titleOf: TitleOf, l10n: Translator): ServerError {
  if (fault.kind === 'unknown') {
    const text = l10n.t(
      '{0} depends on "{1}", which is no server here',
      titleOf(fault.server),
      fault.dependency,
    );
    return new ServerError('unknownServer', text);
  }
  const circle = fault.path.map((id) => titleOf(id)).join(' → ');
  return new ServerError('dependencyCycle', l10n.t('the dependencies go in a circle: {0}', circle));
}

/** Why a server is of no use to those that depend on it: `api crashed (exit 1)`. Without a record it is gone. */
export function dependencyDownError(
  title: string,
  record: ServerRecord | undefined,
  l10n: Translator,
): ServerError {
  return new ServerError('dependencyFailed', downText(title, record, l10n));
}

/** The end of a wait for a server that somebody stopped. */
export function dependencyStoppedError(title: string, l10n: Translator): ServerError {
  return new ServerError('cancelled', l10n.t('{0} was stopped', title));
}

/** What was first where one failure led to another. */
export function rootCause(error: ServerError): ServerError {
  return error.cause instanceof ServerError ? rootCause(error.cause) : error;
}

/** The failure of a server that could not be started for a reason that lies elsewhere. */
export function notStartedError(
  reason: FailureReason,
  title: string,
  root: ServerError,
  l10n: Translator,
): ServerError {
  const text = l10n.t('{0} was not started: {1}.', title, withoutFullStop(root.message));
  return new ServerError(reason, text, { cause: root });
}

/** For a place inside a sentence. */
export function withoutFullStop(text: string): string {
  return text.replace(/\.$/, '');
}

function downText(title: string, record: ServerRecord | undefined, l10n: Translator): string {
  if (!record) return l10n.t('{0} is not defined any more', title);
  const { state } = record;
  if (state.kind === 'unhealthy') return withoutFullStop(healthText(record, l10n));
  const words = state.kind === 'stopping' ? '' : stateText(state, l10n);
  return words === '' ? l10n.t('{0} was stopped', title) : `${title} ${words}`;
}
