import { rootCause } from './dependencyErrors.js';
import { ServerError } from '../server/errors.js';
import { joinList, translated, withoutFullStop } from '../text.js';
import type { Translator } from '../common.js';

/** A start that failed, with the title of its server. */
export interface StartFailure {
  readonly title: string;
  readonly error: ServerError;
}

/**
 * Groups the failures of starts that were requested together: one error for each cause, which names all servers that it
 * kept from starting. Cancelled starts are left out, since the user cancelled them.
 */
export function failuresByCause(failures: readonly StartFailure[], l10n: Translator): ServerError[] {
  const byCause = new Map<string, StartFailure[]>();
  for (const failure of failures) {
    if (failure.error.reason === 'cancelled') continue;
    const cause = rootCause(failure.error).message;
    byCause.set(cause, [...(byCause.get(cause) ?? []), failure]);
  }
  return [...byCause.values()].flatMap((group) => mergeFailures(group, l10n));
}

/** Merges failures of one cause, which may be the failure of one of these servers. */
function mergeFailures(failures: readonly StartFailure[], l10n: Translator): ServerError[] {
  const own = failures.find(({ error }) => rootCause(error) === error)?.error;
  const dependents = failures.filter(({ error }) => rootCause(error) !== error);
  const [first] = dependents;
  if (!first) return own ? [own] : [];
  const names = joinList(
    dependents.map(({ title }) => title),
    l10n,
  );
  const root = rootCause(first.error);
  if (own && !isReportedAsCrash(own)) {
    return [
      new ServerError(
        own.reason,
        l10n.t('{0} As a result, these servers were not started: {1}.', translated(own.text, l10n), names),
      ),
    ];
  }
  if (dependents.length === 1) return [first.error];
  const text = l10n.t('{0} were not started: {1}.', names, withoutFullStop(translated(root.text, l10n)));
  return [new ServerError(first.error.reason, text)];
}

/** Returns whether the server is `crashed` after this failure, which the crash notification reports. */
export function isReportedAsCrash({ reason }: ServerError): boolean {
  return reason === 'spawnFailed' || reason === 'hostLost';
}
