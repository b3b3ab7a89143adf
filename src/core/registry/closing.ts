import { shortName } from '../server/definition.js';
import { ServerError } from '../server/errors.js';
import { untranslated } from '../text.js';
import type { ServerRecord } from './snapshot.js';

/**
 * Throws `closed` after the closing. Called within the transaction of a start or an adoption, so that it is either committed
 * before the closing or refused.
 */
export function requireOpen(
  draft: { readonly closed: boolean },
  { definition }: ServerRecord,
  operation: 'start' | 'adoption',
): void {
  if (draft.closed) throw new ServerError('closed', refusal(shortName(definition.name), operation));
}

function refusal(name: string, operation: 'start' | 'adoption') {
  return operation === 'start'
    ? untranslated('{0} was not started: the window is closing.', name)
    : untranslated('{0} was not adopted: the window is closing.', name);
}
