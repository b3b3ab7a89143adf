import type { SystemName } from '../files/systemName.js';
import * as v from 'valibot';
import { maxReadyTimeout } from '../../core/readiness/readyRule.js';
import { maxStopTimeout } from '../../core/lifecycle/stopGrace.js';
import { entryFields } from './entryFields.js';
import type { Translator } from '../../core/common.js';
import { stopSignals, restartModes } from '../../core/server/overrides.js';

/** An entry of the setting `devServers.servers` or of `.vscode/dev-servers.json` that matches the schema. */
export type ServerEntry = v.InferOutput<ReturnType<typeof serverEntrySchema>>;

/** Platforms for which an entry may have other values, with the names of tasks and launch configurations. */
export type EntryPlatform = SystemName;

/** Returns the schema of an entry. Messages are sentences without a full stop, in the user's language. */
export function serverEntrySchema(l10n: Translator) {
  const fields = entryFields(l10n);
  const { text, texts, flag } = fields;
  /** Properties that may differ by platform. */
  const execution = {
    command: v.exactOptional(text('command')),
    script: v.exactOptional(text('script')),
    args: v.exactOptional(fields.args),
    cwd: v.exactOptional(text('cwd')),
    env: v.exactOptional(fields.env),
    envFile: v.exactOptional(fields.envFile),
    shell: v.exactOptional(fields.shell),
  };
  const platform = (key: EntryPlatform) =>
    v.exactOptional(
      v.strictObject(execution, (issue) =>
        objectMessage(issue, l10n, l10n.t('"{0}" must be an object', key)),
      ),
    );
  return v.strictObject(
    {
      id: fields.id,
      name: v.exactOptional(text('name')),
      ...execution,
      linux: platform('linux'),
      osx: platform('osx'),
      windows: platform('windows'),
      port: v.exactOptional(fields.port),
      portArgument: v.exactOptional(fields.portArgument),
      url: v.exactOptional(fields.url),
      ready: v.exactOptional(readySchema(l10n)),
      dependsOn: v.exactOptional(texts('dependsOn')),
      group: v.exactOptional(text('group')),
      stopSignal: v.exactOptional(fields.choice('stopSignal', stopSignals)),
      stopTimeout: v.exactOptional(fields.seconds('stopTimeout', 0, maxStopTimeout)),
      restart: v.exactOptional(fields.choice('restart', restartModes)),
      autoStart: v.exactOptional(flag('autoStart')),
      openWhenReady: v.exactOptional(flag('openWhenReady')),
    },
    (issue) => objectMessage(issue, l10n, l10n.t('it must be an object with "id" and "command"')),
  );
}

/** Returns the schema of `ready`, the rule that says when a server is ready. */
function readySchema(l10n: Translator) {
  const { seconds } = entryFields(l10n);
  const ready = l10n.t('"ready" must be an object with "http", "tcp", "log" or "timeout"');
  const http = l10n.t('"ready.http" must be a path that starts with /');
  const tcp = l10n.t('"ready.tcp" must be true, false or a port from 1 to 65535');
  const log = l10n.t('"ready.log" must be a regular expression');
  return v.strictObject(
    {
      http: v.exactOptional(v.pipe(v.string(http), v.regex(/^\/(?!\/)[^\s\0]*$/u, http))),
      tcp: v.exactOptional(
        v.union(
          [v.boolean(), v.pipe(v.number(), v.integer(tcp), v.minValue(1, tcp), v.maxValue(65_535, tcp))],
          tcp,
        ),
      ),
      log: v.exactOptional(v.pipe(v.string(log), v.nonEmpty(log), v.check(isRegularExpression, log))),
      timeout: v.exactOptional(seconds('ready.timeout', 1, maxReadyTimeout)),
    },
    ready,
  );
}

function isRegularExpression(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

function objectMessage(issue: v.StrictObjectIssue, l10n: Translator, notAnObject: string): string {
  const key = issue.path?.at(-1)?.key;
  if (issue.expected === 'Object' || typeof key !== 'string') return notAnObject;
  return issue.expected === 'never'
    ? l10n.t('"{0}" is not a known property', key)
    : l10n.t('"{0}" is missing', key);
}
