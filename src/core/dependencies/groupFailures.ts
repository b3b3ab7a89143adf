import { rootCause, withoutFullStop } from './dependencyErrors.js';
import { ServerError } from '../server/errors.js';
import type { Translator } from '../common.js';

/** A start that failed, with how its server is called. */
export interface StartFailure {
  readonly title: string;
  readonly error: ServerError;
}

/**
 * What a person is to be told of starts that failed together: one error for each cause, naming all whom it kept from
 * starting. That somebody stopped a server which waited is known to that somebody.
 */
export function failuresByCause(failures: readonly StartFailure[], l10n: Translator): ServerError[] {
  const byCause = new Map<string, StartFailure[]>();
  for (const failure of failures) {
    if (failure.error.reason === 'cancelled') continue;
    const cause = rootCause(failure.error).message;
    byCause.set(cause, [...(byCause.get(cause) ?? []), failure]);
  }
  return [...byCause.values()].flatMap((group) => oneError(group, l10n));
}

/** The failures have one cause, which may be that of the first server itself. */
function oneError(failures: readonly StartFailure[], l10n: Translator): ServerError[] {
  const own = failures.find(({ error }) => rootCause(error) === error)?.error;
  const dependents = failures.filter(({ error }) => rootCause(error) !== error);
  const [first] = dependents;
  if (!first) return own ? [own] : [];
  const names = dependents.map(({ title }) => title).join(', ');
  const root = rootCause(first.error);
  if (own && !isReportedAsCrash(own)) {
    return [new ServerError(own.reason, l10n.t('{0} Not started for that reason: {1}.', own.message, names))];
  }
  if (dependents.length === 1) return [first.error];
  const text = l10n.t('{0} were not started: {1}.', names, withoutFullStop(root.message));
  return [new ServerError(first.error.reason, text)];
}

/** Then the server itself is `crashed`, which is told in one place. */
export function isReportedAsCrash({ reason }: ServerError): boolean {
  return reason === 'spawnFailed' || reason === 'hostLost';
}
