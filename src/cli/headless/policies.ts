import { ServerError } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';
import type { EnvironmentPolicy, ReadyPolicy } from '../../core/lifecycle/startRequest.js';
import { stopPlan, type StopPolicy } from '../../core/lifecycle/stopGrace.js';
import { readyRule } from '../../core/readiness/readyRule.js';
import type { Admission } from '../../core/registry/admission.js';
import { restartMode } from '../../core/restart/backoff.js';
import type { RestartMode } from '../../core/server/overrides.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { currentFolder } from '../../mcp/bridge/currentFolder.js';

/** Maximum number of servers at once; the default of the setting `devServers.maxServers`. */
const maxServers = 20;

/** Maximum size of a log, bytes; the default of the setting `devServers.logs.maxSize`. */
export const maxLogBytes = 10 * 1024 * 1024;

/** The options of each server, with the defaults of the settings: the settings of an editor are not known here. */
export const stopPolicy: StopPolicy = {
  plan: ({ overrides }) => stopPlan(overrides, { stopSignal: undefined, stopTimeout: undefined }),
};

export const readyPolicy: ReadyPolicy = {
  rule: ({ overrides }) => readyRule(overrides?.ready, undefined),
};

/** The terminal has run the hooks of its shell, such as those of version managers, in its current folder. */
export const environmentPolicy: EnvironmentPolicy = {
  of: () => ({ terminal: {}, shell: 'auto', terminalFolder: currentFolder() }),
};

export function restartModeOf({ overrides }: ServerDefinition): RestartMode {
  return restartMode(overrides?.restart, undefined);
}

export const admission: Admission = {
  admit: ({ name }, running) =>
    running < maxServers
      ? Promise.resolve()
      : Promise.reject(
          new ServerError(
            'limit',
            untranslated('{0} was not started: {1} servers are already running.', name, running),
          ),
        ),
};
