import * as v from 'valibot';
import type { Translator } from '../core/ports.js';
import { longestReadyTimeout } from '../core/readiness.js';
import { restartModes } from '../core/restart.js';
import { longestStopTimeout, stopSignals } from '../core/stopPlan.js';

/** One entry of the setting `devServers.servers` that has the right form. */
export type ServerEntry = v.InferOutput<ReturnType<typeof serverEntrySchema>>;

/** The form of an entry. Every message is a sentence without its full stop, in the user's language. */
export function serverEntrySchema(l10n: Translator) {
  const text = (key: string) =>
    v.pipe(
      v.string(l10n.t('"{0}" must be a text', key)),
      v.trim(),
      v.nonEmpty(l10n.t('"{0}" must not be empty', key)),
      // The system ends every argument and path at this character.
      v.check((value) => !value.includes('\0'), l10n.t('"{0}" must not contain a NUL character', key)),
    );
  const choice = <const Values extends readonly string[]>(key: string, values: Values) =>
    v.picklist(values, l10n.t('"{0}" must be one of {1}', key, values.join(', ')));
  const environment = l10n.t('"env" must map names of variables to texts');
  const port = l10n.t('"port" must be a whole number from 1 to 65535');
  const timeout = l10n.t('"stopTimeout" must be a number of seconds from 0 to {0}', longestStopTimeout);
  return v.strictObject(
    {
      id: v.pipe(
        text('id'),
        v.regex(/^\P{Cc}*$/u, l10n.t('"{0}" must not contain control characters', 'id')),
      ),
      name: v.optional(text('name')),
      command: text('command'),
      cwd: v.optional(text('cwd')),
      env: v.optional(
        v.record(
          v.pipe(v.string(), v.regex(/^[^=\0]+$/u, environment)),
          v.pipe(v.string(environment), v.regex(/^[^\0]*$/u, environment)),
          environment,
        ),
      ),
      port: v.optional(
        v.pipe(v.number(port), v.integer(port), v.minValue(1, port), v.maxValue(65_535, port)),
      ),
      stopSignal: v.optional(choice('stopSignal', stopSignals)),
      stopTimeout: v.optional(
        v.pipe(v.number(timeout), v.minValue(0, timeout), v.maxValue(longestStopTimeout, timeout)),
      ),
      restart: v.optional(choice('restart', restartModes)),
      ready: v.optional(readySchema(l10n)),
    },
    (issue) => objectMessage(issue, l10n),
  );
}

/** When the server counts as ready. */
function readySchema(l10n: Translator) {
  const ready = l10n.t('"ready" must be an object with "http", "tcp", "log" or "timeout"');
  const http = l10n.t('"ready.http" must be a path that begins with /');
  const tcp = l10n.t('"ready.tcp" must be true, false or a port from 1 to 65535');
  const log = l10n.t('"ready.log" must be a regular expression');
  const timeout = l10n.t('"ready.timeout" must be a number of seconds from 1 to {0}', longestReadyTimeout);
  return v.strictObject(
    {
      http: v.optional(v.pipe(v.string(http), v.regex(/^\/(?!\/)[^\s\0]*$/u, http))),
      tcp: v.optional(
        v.union(
          [v.boolean(), v.pipe(v.number(), v.integer(tcp), v.minValue(1, tcp), v.maxValue(65_535, tcp))],
          tcp,
        ),
      ),
      log: v.optional(v.pipe(v.string(log), v.nonEmpty(log), v.check(isExpression, log))),
      timeout: v.optional(
        v.pipe(v.number(timeout), v.minValue(1, timeout), v.maxValue(longestReadyTimeout, timeout)),
      ),
    },
    ready,
  );
}

function isExpression(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

function objectMessage(issue: v.StrictObjectIssue, l10n: Translator): string {
  const key = issue.path?.[0]?.key;
  if (typeof key !== 'string') return l10n.t('it must be an object with "id" and "command"');
  return issue.expected === 'never'
    ? l10n.t('"{0}" is not a known property', key)
    : l10n.t('"{0}" is missing', key);
}
