import type { Translator } from '../common.js';
import type { PlanFault } from '../registry/dependencyGraph.js';
import type { Registry } from '../registry/registry.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { ServerError, toServerError } from '../server/errors.js';
import { translated, withoutFullStop } from '../text.js';
import type { ServerId } from '../server/identity.js';
import { isNotStarted } from '../server/stateQueries.js';
import { healthText } from '../views/healthAlerts.js';
import { stateText } from '../views/stateText.js';
import type { QueueResult } from './startQueue.js';

/** Titles of servers by their ids. */
export type TitleOf = (id: string) => string;

/** The error of a plan without a start: `web → api → web`, or a dependency with an unknown id. */
export function planError(fault: PlanFault, titleOf: TitleOf, l10n: Translator): ServerError {
  if (fault.kind === 'unknown') {
    const text = l10n.t(
      '{0} depends on "{1}", which does not exist',
      titleOf(fault.server),
      fault.dependency,
    );
    return new ServerError('unknownServer', text);
  }
  const cycle = fault.path.map((id) => titleOf(id)).join(' → ');
  return new ServerError('dependencyCycle', l10n.t('circular dependency: {0}', cycle));
}

/** The reason why a wait in the queue failed. */
export function waitError(
  result: Exclude<QueueResult, { kind: 'go' | 'lost' }>,
  titleOf: TitleOf,
  registry: Pick<Registry, 'find'>,
  l10n: Translator,
): ServerError {
  const title = titleOf(result.dependency);
  switch (result.kind) {
    case 'refused': {
      const cause = rootCause(toServerError(result.error, 'badRequest'));
      return cause.reason === 'cancelled'
        ? new ServerError('cancelled', l10n.t('{0} was stopped', title))
        : cause;
    }
    case 'declined':
      return new ServerError('cancelled', l10n.t('{0} was not started', title));
    case 'down':
      return new ServerError('dependencyFailed', downText(title, registry.find(result.dependency), l10n));
  }
}

/** The error of a start that another operation removed from the queue. */
export function leftQueueError(
  id: ServerId,
  title: string,
  registry: Pick<Registry, 'find' | 'current'>,
  l10n: Translator,
): ServerError {
  const record = registry.find(id);
  if (!record) {
    return new ServerError('unknownServer', l10n.t('{0} was not started: it is no longer defined.', title));
  }
  if (registry.current.closed) {
    return new ServerError('closed', l10n.t('{0} was not started: the window is closing.', title));
  }
  const { state } = record;
  // Another caller waited for the same start and has recorded why it failed.
  if (state.kind === 'crashed' && state.crash.kind === 'failure' && isNotStarted(state.crash)) {
    const { reason, message } = state.crash;
    return notStartedError(title, new ServerError(reason, message), l10n);
  }
  return new ServerError('cancelled', l10n.t('{0} was not started: it was stopped in the meantime.', title));
}

/** The first error of a chain of causes. */
export function rootCause(error: ServerError): ServerError {
  return error.cause instanceof ServerError ? rootCause(error.cause) : error;
}

/** The error of a server that was not started because another server failed with `cause`. */
export function notStartedError(title: string, cause: ServerError, l10n: Translator): ServerError {
  const isFault = cause.reason === 'dependencyCycle' || cause.reason === 'unknownServer';
  const text = l10n.t('{0} was not started: {1}.', title, withoutFullStop(translated(cause.text, l10n)));
  return new ServerError(isFault ? cause.reason : 'dependencyFailed', text, { cause });
}

function downText(title: string, record: ServerRecord | undefined, l10n: Translator): string {
  if (!record) return l10n.t('{0} is no longer defined', title);
  const { state } = record;
  if (state.kind === 'unhealthy') return withoutFullStop(healthText(record, l10n));
  const text = state.kind === 'stopping' ? '' : stateText(state, l10n);
  return text === '' ? l10n.t('{0} was stopped', title) : `${title} ${text}`;
}
